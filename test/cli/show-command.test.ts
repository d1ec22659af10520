import { describe, expect, it } from 'vitest';
import { damageAll } from '../end-to-end/damaged-files.ts';
import { goldenCopy, runOn } from './held-backups.ts';

const backup = '2026-11-25_02-00-00';

describe('show --object', () => {
  it('shows an object as it stood, with its comments, and how long its history is', async () => {
    const { exitCode, stdout } = await runOn(goldenCopy('format-2'), 'show', backup, '--object', 'ASSETS-4');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`ASSETS-4  Laptop 0

  Backup   ${backup}
  Type     ASSETS/Hardware/Laptop (id 3)
  Id       4
  Created  2024-01-15T09:00:10.000Z
  Updated  2026-11-24T01:00:00.000Z

  Name           Laptop 0
  Serial number  S-0
  Place          Office SYD (FAC-1)
  Peer           Laptop 1 (ASSETS-5)
  Owner          Ada
  Teams          admins
                 lenders
  State          In use
  Note           changed on Monday

1 comment, as of 2026-11-24 02:00:00 UTC. Carried over from an earlier night, since nothing said that the object had changed.
  2024-01-15T09:00:16.000Z  John Smith
    comment on 0

2 history entries, as of 2026-11-25 02:00:00 UTC.
`);
  });

  it('with --history shows that, and what became of it in all backups', async () => {
    const { stdout } = await runOn(goldenCopy('format-2'), 'show', backup, '--object', '4', '--history');
    expect(stdout).toContain(`
2 history entries, as of 2026-11-25 02:00:00 UTC.
  2024-01-15T09:00:10.000Z  John Smith  created
  2026-11-24T01:00:00.000Z  John Smith  changed value of Note: note of 0 → changed on Monday

Across the backups:
  first seen  in 2026-11-23_02-00-00
  changed     between 2026-11-23_02-00-00 and 2026-11-24_02-00-00
`);
    const gone = await runOn(
      goldenCopy('format-2'),
      'show',
      '2026-11-23_02-00-00',
      '--object',
      'ASSETS-9',
      '--history',
    );
    expect(gone.stdout).toMatch(/^ {2}deleted +between 2026-11-2\d_02-00-00 and 2026-11-2\d_02-00-00$/m);
  });

  it('says what was read and is not here, and which objects are not in the backup', async () => {
    const { stdout } = await runOn(goldenCopy('format-2'), 'show', backup, '--object', 'ASSETS-12');
    expect(stdout).toContain('0 history entries. The site failed to give this.');
    const outside = await runOn(goldenCopy('format-1'), 'show', 'latest', '--object', '10');
    expect(outside.stdout).toMatch(/\(VENDORS?-5\) {2}\[not in this backup\]$/m);
    expect(outside.stderr).toContain('The latest backup that counts is 2026-11-23_02-00-00.');
  });

  it('finds one by a key of another time, and says how it is called there', async () => {
    const { exitCode, stdout, stderr } = await runOn(goldenCopy('format-2'), 'show', backup, '--object', 'OLD-10');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^FAC-10 {2}Thing 1\n/);
    const sentence = `No object of ${backup} is called OLD-10. The one of that number is shown, which is called FAC-10 there.`;
    expect(stderr).toBe(`Warning: ${sentence}\n`);
    // To programs as well.
    const asJson = await runOn(goldenCopy('format-2'), 'show', backup, '--object', 'OLD-10', '--json');
    expect(asJson.io.document()).toMatchObject({ key: 'FAC-10' });
    expect(JSON.parse(asJson.stderr)).toEqual({ type: 'warning', message: sentence });
  });

  it('shows texts as they are, and none that gives orders to a terminal', async () => {
    const { stdout } = await runOn(goldenCopy('format-2'), 'show', backup, '--object', 'FAC-10', '--history');
    expect(stdout).toContain('  Text  a "quote", a \\ and a \n         line, ]}, {"object":"1"');
    expect(stdout).toContain('\\u2028');
    expect(stdout).not.toMatch(/[\u2028\u2029\u0085]/);
  });

  it('with --json is one document', async () => {
    const { io } = await runOn(goldenCopy('format-2'), 'show', backup, '--object', 'ASSETS-4', '--json', '--history');
    expect(io.document()).toMatchObject({
      ...{ type: 'object', backup, id: '4', key: 'ASSETS-4', label: 'Laptop 0' },
      schema: { key: 'ASSETS' },
      objectType: { id: '3', path: 'Hardware/Laptop' },
      created: '2024-01-15T09:00:10.000Z',
      attributes: expect.arrayContaining([
        {
          ...{ id: expect.any(String), name: 'Place' },
          values: [{ text: 'Office SYD', objectId: '1', objectKey: 'FAC-1', isInBackup: true }],
        },
        { id: expect.any(String), name: 'Owner', values: [{ text: 'Ada', accountId: expect.any(String) }] },
      ]),
      comments: { readAt: '2026-11-24T02:00:00.000Z', records: [{ author: 'John Smith', text: 'comment on 0' }] },
      history: {
        readAt: '2026-11-25T02:00:00.000Z',
        why: null,
        records: [{ what: 'created', before: null }, { after: 'changed on Monday' }],
      },
      life: { changes: [{ kind: 'first-seen' }, { kind: 'changed' }], silent: [] },
    });
    const brief = await runOn(goldenCopy('format-2'), 'show', backup, '--object', 'ASSETS-4', '--json');
    expect(brief.io.document()).toMatchObject({ history: { entries: 2 } });
    expect(brief.io.document()).not.toHaveProperty('life');
  });

  it('of one that is not there ends with 1, and says where to look', async () => {
    const { exitCode, stdout, stderr } = await runOn(goldenCopy('format-2'), 'show', backup, '--object', 'FAC-99');
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      `There is no object FAC-99 in ${backup}. Look through all backups for it: npx assets-backup find FAC-99 --local DIR\n`,
    );
    const other = await runOn(goldenCopy('format-2'), 'show', backup, '--object', 'ASETS-99');
    expect(other.stderr).toContain(
      `There is no object ASETS-99 in ${backup}. It has no schema ASETS either. Did you mean ASSETS? Look through all`,
    );
    const asJson = await runOn(goldenCopy('format-2'), 'show', backup, '--object', 'FAC-99', '--json');
    expect(asJson.io.errorDocument()).toMatchObject({ name: 'NoSuchObjectError', exitCode: 1 });
  });

  it('of a file that is damaged ends with 13', async () => {
    const directory = goldenCopy('format-2');
    damageAll(directory, backup, /objectsmeta\/Laptop/, 'flipped in a bit');
    expect(await runOn(directory, 'show', backup, '--object', 'ASSETS-4')).toMatchObject({ exitCode: 13, stdout: '' });
  });

  it.each([[['--history']], [['--object', ' ']], [['--object', '--json']]])('%j is a mistake', async (words) => {
    expect((await runOn(goldenCopy('format-2'), 'show', backup, ...words)).exitCode).toBe(2);
  });
});
