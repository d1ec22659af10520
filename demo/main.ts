import { spawn } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { demoSite } from '../simulator/seeds/demo.ts';
import { startSimulator } from '../simulator/start-simulator.ts';
import { chooseObjects, inWords } from './accident.ts';
import { closingAdvice } from './closing-advice.ts';
import { rememberObjects } from './comparison.ts';
import { writeSettings } from './settings.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Git ignores it; tests name another. */
const folder = process.argv[2] ?? 'demo-backups';
const settingsFile = `${folder}/site.json`;

process.chdir(root);
await mkdir(folder, { recursive: true, mode: 0o700 });
const simulator = await startSimulator({ site: demoSite() });
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
  say('1. A backup', `A pretend Atlassian site runs at ${url}. Its settings are in ${settingsFile}.`);
  const before = new Set(await readdir(folder));
  const backedUp = await run('backup', '--local', folder, '--site', settingsFile);
  if (backedUp !== 0) return backedUp;
  const backup = (await readdir(folder)).find((name) => /^\d{4}-/.test(name) && !before.has(name));
  if (backup === undefined) throw new Error(`The backup is not in ${folder}.`);

  say('2. Is it whole?', 'Every file is read and held against its checksum, every count against the others.');
  const verified = await run('verify', backup, '--local', folder);
  if (verified !== 0) return verified;

  const doomed = chooseObjects(site);
  const compare = rememberObjects(site, doomed);
  for (const object of doomed) site.deleteObject(object);
  say(
    '3. An accident',
    `Somebody at the site takes half of the servers for retired, and deletes them with the applications
that run on them: ${inWords(site, doomed)}, with their references to each other, their
comments and their history. Assets has no undo.`,
  );

  const where = ['--schema', 'ASSETS', '--local', folder, '--site', settingsFile];
  say('4. What would a restore do?', 'A plan compares the backup with the site, and writes nothing there.');
  const planned = await run('plan', backup, ...where);
  if (planned !== 0) return planned;

  say('5. The restore', 'It makes what is missing, leaves all else as it is, reads it back and compares.');
  const restored = await run('restore', backup, ...where);
  if (restored !== 0) return restored;

  const { isEqual, sentence } = compare();
  say('6. Is everything back?', `The demo has looked at the pretend site itself:\n\n  ${sentence}`);
  console.log(await closingAdvice(folder, backup));
  return isEqual ? 0 : 1;
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
