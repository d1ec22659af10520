import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { plantNight } from '../core/backup/planted-night.ts';
import { pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const hour = 3_600_000;

// Rules count days of the calendar: an hour after midnight the night before is two days ago.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-28T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());

/** A folder of nights, the last of them an hour old, of this moment on. */
async function folderOfNights(keep: object | null, { suspicious = false, count = 4 } = {}) {
  const directory = temporaryFolder();
  const stores = openLocalStores(directory);
  const names: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedAt = new Date(Date.now() - hour - (count - 1 - index) * 24 * hour).toISOString();
    const suspicion = {
      kind: 'fewer-objects',
      measure: 'last',
      against: 'x',
      before: 20,
      now: 2,
      message: 'FAC has fewer.',
    };
    const isLast = index === count - 1;
    const manifest = suspicious && isLast ? { suspicions: [suspicion as never] } : {};
    names.push((await plantNight(stores, { startedAt, schemas: { FAC: [] }, manifest })).name);
  }
  if (keep) writeFileSync(join(directory, 'settings.json'), JSON.stringify({ keep }));
  const product = { ...pretendProduct().product, openBackups: async () => openLocalStores(directory).backups };
  const run = async (...argv: readonly string[]) => {
    const io = new RecordedIo();
    const code = await runCommandLine([...argv, '--local', directory], io, product);
    return { code, io, text: io.stdout.text, stderr: io.stderr.text };
  };
  return { directory, names, run };
}

describe('prune', () => {
  it('without rules deletes nothing, and shows how they are set', async () => {
    const { directory, names, run } = await folderOfNights(null);
    for (const argv of [['prune'], ['prune', '--dry-run']]) {
      const { code, text, stderr } = await run(...argv);
      expect(code).toBe(2);
      expect(text).toBe('');
      expect(stderr).toBe(
        `${join(directory, 'settings.json')} says nothing of which backups are kept, so none is ever deleted. Set rules there first, for example { "keep": { "last": 3, "daily": 14, "weekly": 8, "monthly": 12, "yearly": 5 } }.\n`,
      );
    }
    expect(readdirSync(directory)).toEqual(expect.arrayContaining(names));
  });

  it('says what goes and why the others stay, and with --dry-run leaves it so', async () => {
    const { directory, names, run } = await folderOfNights({ last: 2 });
    const dry = await run('prune', '--dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.text.split('\n')).toEqual([
      `What pruning ${directory} would do; nothing was deleted.`,
      '',
      'Rules: last 2; days of UTC.',
      '',
      'Kept (2):',
      '  Backup               Because',
      `  ${names[2]}  one of the last 2`,
      `  ${names[3]}  newest of all schemas; one of the last 2`,
      '',
      'Not kept by any rule (2):',
      '  Backup                 Files    Size',
      expect.stringMatching(new RegExp(`^ {2}${names[0]} {2}2 files +\\d.* kB$`)),
      expect.stringMatching(new RegExp(`^ {2}${names[1]} {2}2 files +\\d.* kB$`)),
      '',
      expect.stringMatching(
        /^2 backups would be deleted \(.* kB\), 2 backups kept\. Delete: npx assets-backup prune --local /,
      ),
      '',
    ]);
    expect(readdirSync(directory)).toEqual(expect.arrayContaining(names));
    expect(existsSync(join(directory, 'logs'))).toBe(false);

    const { code, text } = await run('prune');
    expect(code).toBe(0);
    expect(text.split('\n').slice(1, -2)).toEqual(dry.text.split('\n').slice(1, -2));
    expect(readdirSync(directory).filter((name) => names.includes(name))).toEqual(names.slice(2));
    expect(readdirSync(join(directory, 'logs'))).toHaveLength(1);
    expect((await run('prune')).text).toMatch(/\nNothing was deleted, 2 backups kept\.\n$/);
  });

  it('deletes nothing while the newest is suspicious, and says so', async () => {
    const { names, run } = await folderOfNights({ last: 1 }, { suspicious: true });
    const { code, text } = await run('prune');
    expect(code).toBe(0);
    expect(text).toContain(
      `Nothing of https://myorganization.atlassian.net is deleted now: the newest backup, ${names[3]}, is suspicious.`,
    );
    expect(text).toContain(`  ${names[0]}  nothing is deleted now\n`);
    expect(text).toMatch(/\nNothing was deleted, 4 backups kept\.\n$/);
  });

  it('with --json is one document', async () => {
    const { directory, names, run } = await folderOfNights({ last: 1, within: 1 });
    const { code, io } = await run('prune', '--dry-run', '--json');
    expect(code).toBe(0);
    expect(io.document()).toMatchObject({
      ...{ type: 'pruning', directory, dryRun: true, heldBack: [], left: [], exitCode: 0 },
      keep: { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0, within: 1 },
      kept: [
        { backup: names[2], reasons: ['within 1 day'] },
        { backup: names[3], reasons: ['newest of all schemas', 'the last', 'within 1 day'] },
      ],
      deleted: [{ backup: names[0] }, { backup: names[1] }],
      unfinished: { kept: [], deleted: [] },
    });
    expect(io.stderr.text).toBe('');
  });
});

describe('list of a folder with rules', () => {
  it('says why each is kept, and which the next pruning deletes', async () => {
    const { directory, names, run } = await folderOfNights({ last: 2 }, { count: 3 });
    const { text, code } = await run('list');
    expect(code).toBe(0);
    expect(text).toContain(
      [
        'Why each is kept:',
        '  Backup               Because',
        `  ${names[0]}  no rule keeps it: the next pruning deletes it`,
      ].join('\n'),
    );
    expect(text).toContain(`  ${names[2]}  newest of all schemas; one of the last 2\n`);
    const { io } = await run('list', '--json');
    expect(io.document()).toMatchObject({
      ...{ directory, heldBack: [] },
      backups: [
        { kept: [] },
        { kept: ['one of the last 2'] },
        { kept: ['newest of all schemas', 'one of the last 2'] },
      ],
    });
  });

  it('marks what is suspicious, and says what holds pruning back', async () => {
    const { names, run } = await folderOfNights({ last: 1 }, { suspicious: true, count: 2 });
    const { text } = await run('list');
    expect(text).toMatch(new RegExp(`${names[1]} {2}complete, suspicious `));
    expect(text).toContain(`Suspicious, and accepted by nobody (1):\n  - ${names[1]}: FAC has fewer.\n`);
    expect(text).toContain('is deleted now: the newest backup');
  });

  it('does without the reasons where they cannot be had, and says why', async () => {
    const { directory, names, run } = await folderOfNights({ last: 1 }, { count: 2 });
    const locks = join(directory, '.work', 'locks');
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, 'w1.json'), '{');
    const damaged = await run('list');
    expect(damaged).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Warning: Why each backup is kept is not known\. .*locks\/w1\.json is cut off/),
    });
    expect(damaged.text).toContain(names[1]);
    expect((await run('prune')).code).toBe(15);

    writeFileSync(join(directory, 'settings.json'), '{ "keep": { "dayly": 3 } }');
    const wrong = await run('list');
    expect(wrong).toMatchObject({ code: 0, stderr: expect.stringContaining('settings.json is wrong') });
    expect(wrong.text).not.toContain('Why each is kept');
    expect((await run('prune')).code).toBe(2);
    for (const name of names) expect(existsSync(join(directory, name, 'manifest.json'))).toBe(true);
  });
});
