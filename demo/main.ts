import { spawn } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { demoSite } from '../simulator/seeds/demo.ts';
import { startSimulator } from '../simulator/start-simulator.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Git ignores it; tests name another. */
const folder = process.argv[2] ?? 'demo-backups';
const settingsFile = `${folder}/site.json`;
/** Requests a minute that no demo reaches: a real site's limits would stretch it to minutes. */
const unlimited = 600_000;

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

async function demonstrate(): Promise<number> {
  await writeSettings();
  console.log(`A pretend Atlassian site runs at ${simulator.url}. Its settings are in ${settingsFile}.`);
  const before = new Set(await readdir(folder));
  const backedUp = await run('backup', '--local', folder, '--site', settingsFile);
  if (backedUp !== 0) return backedUp;

  const backup = (await readdir(folder)).find((name) => /^\d{4}-/.test(name) && !before.has(name));
  if (backup === undefined) throw new Error(`The backup is not in ${folder}.`);
  for (const words of [['verify', backup], ['list']]) {
    const exitCode = await run(...words, '--local', folder);
    if (exitCode !== 0) return exitCode;
  }

  console.log(await whatNext(backup));
  return 0;
}

async function writeSettings(): Promise<void> {
  const { username, apiToken } = simulator.credentials;
  const classes = [
    'object-aql',
    'object-count',
    'object',
    'object-type-attributes',
    'history',
    'comments',
    'configuration',
  ];
  const settings = {
    siteName: simulator.url,
    username,
    apiToken,
    apiUrl: simulator.url,
    requestBudget: { total: unlimited, byClass: Object.fromEntries(classes.map((name) => [name, unlimited])) },
  };
  await writeFile(settingsFile, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 });
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

async function whatNext(backup: string): Promise<string> {
  const files = await readdir(`${folder}/${backup}`, { recursive: true, withFileTypes: true });
  const examples = files
    .filter((file) => file.isFile() && /[\\/]objects$/.test(file.parentPath))
    .map(({ parentPath, name }) => `${parentPath}/${name}`)
    .sort();
  const look = examples[0] === undefined ? '' : `\n  less ${examples[0]}`;
  return `
That was a whole backup of a pretend site. It lies in ${folder}/${backup}; the objects for reading:
${look}

For your own site, make a file site.json that only you may read (chmod 600 site.json):

  { "siteName": "https://myorganization.atlassian.net",
    "username": "cmdb_admin@myorganization.com",
    "apiToken": "..." }

with a token from https://id.atlassian.com/manage-profile/security/api-tokens, and then:

  npx assets-backup backup --local ./backups --site site.json
`;
}
