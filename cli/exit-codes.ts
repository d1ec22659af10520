/** What a run's end means, for scripts: the only list, which the help prints and a test holds against the errors. */
export const exitCodes = {
  0: 'done',
  1: 'failed, a check failed, the backup is partial, a restore waits for approval, nothing found',
  2: 'wrong usage: nothing was started',
  3: 'done, but with gaps or losses, which are named',
  10: 'no such backup, or no folder with any',
  11: 'another run of this site is in progress',
  12: 'the site refused the login',
  13: 'the backup is damaged or unfinished',
  14: 'the target of a restore or drill differs from the backup; or two sides of a diff differ',
  15: 'a file of the work store (a journal, the lock) is damaged or missing',
  130: 'interrupted; what runs in a stack goes on',
} as const;

export type ExitCode = keyof typeof exitCodes;

export function isExitCode(code: number): code is ExitCode {
  return code in exitCodes;
}

export function exitCodesHelp(codes: readonly ExitCode[]): string {
  return ['Exit codes:', ...codes.map((code) => `  ${String(code).padStart(3)}  ${exitCodes[code]}`)].join('\n');
}

export const allExitCodes = Object.keys(exitCodes).map(Number).filter(isExitCode);
