import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { demoSite } from '../simulator/seeds/demo.ts';
import { startSimulator } from '../simulator/start-simulator.ts';
import { chooseLaptops, chooseObjects, inWords, overwriteOwners } from './accident.ts';
import { closingAdvice } from './closing-advice.ts';
import { rememberIssues, rememberObjects, rememberOwners, rememberSite } from './comparison.ts';
import { type CostOfANight, comparedCosts, costOf } from './cost-of-a-night.ts';
import { workForADay } from './day-of-work.ts';
import { writeFolderSettings, writeSettings } from './settings.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Git ignores it; tests name another. */
const folder = process.argv[2] ?? 'demo-backups';
const settingsFile = `${folder}/site.json`;

process.chdir(root);
await mkdir(folder, { recursive: true, mode: 0o700 });
// Each pretend site is another one, or what earlier demos left in the folder would be taken for work on this one.
const simulator = await startSimulator({ site: demoSite({ workspaceId: randomUUID() }) });
// Ctrl-C reaches the command as well; its exit code ends the demo, which then closes the simulator.
process.on('SIGINT', () => {});
try {
  process.exitCode = await demonstrate();
} finally {
  await simulator.close();
}

/** Gives the exit code of the first command that fails, or 1 where something is not back; otherwise 0. */
async function demonstrate(): Promise<number> {
  const { site, url } = simulator;
  await writeSettings(settingsFile, simulator);
  await writeFolderSettings(folder);
  say(
    '1. A backup',
    `A pretend Atlassian site runs at ${url}. Its settings are in ${settingsFile}.
"issueLinks" in ${folder}/settings.json asks for the issues of Jira that hold objects as well.`,
  );
  const first = await backUp();
  if (first.exitCode !== 0) return first.exitCode;

  say('2. Is it whole?', 'Every file is read and held against its checksum, every count against the others.');
  const verified = await run('verify', first.backup, '--local', folder);
  if (verified !== 0) return verified;

  say(
    '3. The night after',
    `People have worked meanwhile: ${workForADay(site)}.
Objects are read whole every night. History and comments, which take two requests an object, are
read of what is new or has changed, and of a share of the rest, so that none gets older than two
weeks. The others are copied from the last backup.`,
  );
  const second = await backUp();
  if (second.exitCode !== 0) return second.exitCode;
  const { backup } = second;
  const verifiedToo = await run('verify', backup, '--local', folder);
  if (verifiedToo !== 0) return verifiedToo;
  say(
    '4. What did it cost?',
    `The pretend site has counted:\n\n${comparedCosts(first.cost, second.cost)}

The second backup is as whole as the first: either restores alone, and either may be deleted.`,
  );

  const doomed = chooseObjects(site);
  const laptops = chooseLaptops(site);
  const areBack = rememberObjects(site, doomed);
  const haveOwners = rememberOwners(site, laptops);
  const showObjects = rememberIssues(site);
  for (const object of doomed) site.deleteObject(object);
  overwriteOwners(site, laptops);
  const isAsBefore = rememberSite(site);
  say(
    '5. An accident',
    `Somebody at the site takes half of the servers for retired, and deletes them with the applications
that run on them: ${inWords(site, doomed)}, with their references to each other, their
comments and their history. Issues of Jira that held one of them do so no more. The same day an import
with a shifted column gives ${laptops.length} laptops one and the same owner. Assets has no undo.`,
  );

  const where = ['--local', folder, '--site', settingsFile];
  const what = ['--schema', 'ASSETS', '--on-existing', 'update', '--relink-issues', ...where];
  say('6. What would a restore do?', 'A plan compares the backup with the site, and writes nothing there.');
  const planned = await run('plan', backup, ...what);
  if (planned !== 0) return planned;

  say(
    '7. The restore',
    `It makes what is missing, sets back what differs, reads it back and compares, and has the issues hold
what was made (--relink-issues). On a terminal it shows its plan and asks first; --yes answers here.`,
  );
  const restored = await run('restore', backup, ...what, '--yes');
  if (restored !== 0) return restored;

  const [back, owners, issues] = [areBack(), haveOwners(), showObjects()];
  say(
    '8. Is everything back?',
    `The demo has looked at the pretend site itself:\n\n  ${back.sentence}\n  ${owners.sentence}\n  ${issues.sentence}`,
  );
  if (!back.isEqual || !owners.isEqual || !issues.isEqual) return 1;

  say(
    '9. It was the wrong site',
    'A restore can be taken back, too: what it made is deleted where nobody has touched it since.',
  );
  const undone = await run('undo', await lastRestore(), ...where, '--yes');
  if (undone !== 0) return undone;
  const asBefore = isAsBefore();
  say('10. Is it undone?', `The demo has looked once more:\n\n  ${asBefore.sentence}`);
  if (!asBefore.isEqual) return 1;

  say(
    '11. What has changed?',
    `Between the two nights: what people have done in the meantime, before the accident. With --live in the
place of the second backup, what has changed since.`,
  );
  const compared = await run('diff', first.backup, backup, '--local', folder);
  // There are differences: exit code 14 says so.
  if (compared !== 14) return compared === 0 ? 1 : compared;
  console.log(closingAdvice(folder, backup, settingsFile));
  return 0;
}

/** Makes a backup, as a person would. Says what it is called, and what the site was asked for it. */
async function backUp(): Promise<{ exitCode: number; backup: string; cost: CostOfANight }> {
  const before = new Set(await readdir(folder));
  const { result: exitCode, cost } = await costOf(simulator, () =>
    run('backup', '--local', folder, '--site', settingsFile),
  );
  const backup = (await readdir(folder)).find((name) => /^\d{4}-/.test(name) && !before.has(name)) ?? '';
  if (exitCode === 0 && backup === '') throw new Error(`The backup is not in ${folder}.`);
  return { exitCode, backup, cost };
}

/** The restore that was carried out: the newest, after the plan of before. */
async function lastRestore(): Promise<string> {
  const restores = (await readdir(`${folder}/.work/restores`)).sort();
  const last = restores.at(-1);
  if (last === undefined) throw new Error(`There is no restore in ${folder}.`);
  return last;
}

function say(title: string, text: string): void {
  console.log(`\n${title}\n${'='.repeat(title.length)}\n${text}`);
}

/** Runs the command as a person would, who sees the same; gives its exit code. */
function run(...words: string[]): Promise<number> {
  console.log(`\n$ npx assets-backup ${words.join(' ')}`);
  const child = spawn(process.execPath, ['cli/main.ts', ...words], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
