import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { endpointClasses } from '../../core/model/request-budget.ts';
import { writeSettings } from '../../demo/settings.ts';
import { temporaryFolder } from './temporary-folder.ts';

const demo = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));

it('the demo brings everything back after an accident, also in a folder that it used before', {
  timeout: 600_000,
}, () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'site.json'), '{}');
  mkdirSync(join(folder, '2020-01-01_00-00-00'));
  writeFileSync(join(folder, '2020-01-01_00-00-00', 'file.json'), '{}');

  expectStory(spawnSync(process.execPath, [demo, folder], { encoding: 'utf8' }));
  expectStory(spawnSync(process.execPath, [demo, folder], { encoding: 'utf8' }));
});

function expectStory({ stdout, stderr, status }: SpawnSyncReturns<string>) {
  expect(status, stdout + stderr).toBe(0);
  const story = [
    '1. A backup',
    '$ npx assets-backup backup',
    'Issue links',
    ' issues by 2 fields',
    '$ npx assets-backup verify',
    ' is whole',
    '12 employees became leads, 1 phone came, 3 monitors went',
    '$ npx assets-backup backup',
    'Carried over',
    '$ npx assets-backup verify',
    ' is whole',
    // A busy machine may make it ask a few times more.
    'first night   5,2',
    ' requests, history and comments of 2,554 objects',
    'second night    5',
    ' requests, history and comments of   195 objects',
    '48 servers and 13 applications',
    '$ npx assets-backup plan',
    'Nothing was changed',
    '$ npx assets-backup restore',
    'nothing is lost',
    '61 of 61 objects are back, with all 614 values and all 17 comments; their keys are new.',
    ' laptops have the owner that they had',
    ' issues of Jira hold what they held',
    '$ npx assets-backup undo',
    'The site is as it was before the restore',
    '$ npx assets-backup diff',
    'USERS, Person/Employee: 12 changed',
    ' → Lead',
    '  and 2 more changed',
    'Phone: 1 added',
    'Monitor: 3 removed',
    '16 objects differ (1 added, 3 removed, 12 changed); 2,539 objects are the same.',
    'npx assets-backup browse --local ',
    'chmod 600',
    'npx assets-backup backup --local ./backups',
    'npx assets-backup plan <backup> --local ./backups',
  ];
  let from = 0;
  const places = story.map((words) => {
    const place = stdout.indexOf(words, from);
    if (place >= 0) from = place + words.length;
    return place;
  });
  expect(places, stdout).not.toContain(-1);
  expect(shownByReadme().filter((line) => !stdout.includes(line))).toEqual([]);
}

/** The lines of the demo that README shows, but for those of the nights, where a busy machine may ask a few times more. */
function shownByReadme(): string[] {
  const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
  const [, block = ''] = /^```\n(first night .*?)^```/ms.exec(readme) ?? [];
  const [, , ...lines] = block.trim().split('\n');
  expect(lines.length).toBeGreaterThan(3);
  return lines;
}

it('the settings of the demo leave no class of requests to its usual budget, which would make it slow', async () => {
  const file = join(temporaryFolder(), 'site.json');
  await writeSettings(file, { url: 'http://127.0.0.1:1', credentials: { username: 'user', apiToken: 'token' } });
  const { requestBudget } = JSON.parse(readFileSync(file, 'utf8'));
  expect(Object.keys(requestBudget.byClass).sort()).toEqual(endpointClasses.toSorted());
});
