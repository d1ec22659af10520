import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { needJson, needLines } from '../../../core/work-store/json-file.ts';
import { shapeOfFile } from '../../../core/work-store/work-file-shapes.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { damages, leftWork, workFiles, workOfBackup } from '../../end-to-end/damaged-work.ts';
import { testDirectory } from '../../end-to-end/local-run.ts';

const golden = join(import.meta.dirname, '../../golden/format-1');

/** For people, or not JSON, or read where it may be anything. */
const unchecked =
  /\/(report\.(json|html)|losses-\d+\.jsonl|losses\.jsonl|differences\.jsonl|.*\.(txt|csv))$|^heartbeats\/|^tmp\//;

const read = (directory: string, key: string) => {
  const { work } = openLocalStores(directory);
  return key.endsWith('.jsonl') ? needLines(work, key) : needJson(work, key);
};

const textsIn = (directory: string) =>
  new Map(
    workFiles(join(directory, '.work')).map(
      (key) => [key, readFileSync(join(directory, '.work', key), 'utf8')] as const,
    ),
  );

async function withText(key: string, text: string): Promise<unknown> {
  const directory = testDirectory();
  const path = join(directory, '.work', key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return read(directory, key).then(
    () => undefined,
    (error: unknown) => error,
  );
}

it.each([
  ['of 0.1.0, finished', async () => textsIn(join(golden, 'finished'))],
  ['of 0.1.0, killed at comments', async () => textsIn(join(golden, 'killed-at-comments'))],
  ['of 0.1.0, killed at objects', async () => textsIn(join(golden, 'killed-at-objects'))],
  ['of a backup', workOfBackup],
  ['of a restore', async () => textsIn((await leftWork('in place')).directory)],
  ['of a restore that was killed', async () => textsIn((await leftWork('in place', 'createComment')).directory)],
])(
  'each work file %s has its row and is read as it is, and not once it is damaged',
  { timeout: 120_000 },
  async (_, make) => {
    const texts = new Map([...(await make())].filter(([key]) => !unchecked.test(key)));
    expect(texts.size).toBeGreaterThan(10);
    expect([...texts.keys()].filter((key) => shapeOfFile(key) === undefined)).toEqual([]);
    for (const [key, text] of texts) {
      expect(await withText(key, text), key).toBeUndefined();
      for (const [way, damage] of Object.entries(damages)) {
        const damaged = damage(text, undefined);
        if (damaged === undefined) continue;
        const name = way === 'of a newer version' ? 'UnsupportedFormatError' : 'DamagedWorkFileError';
        const error = await withText(key, damaged);
        expect(error, `${key} ${way}`).toMatchObject({ name });
        expect((error as Error).message, way).toContain(key);
      }
      await expect(read(testDirectory(), key), key).rejects.toMatchObject({
        name: 'DamagedWorkFileError',
        exitCode: 15,
      });
    }
  },
);

it('a file in the place of another of its kind is not taken for it, nor does a sentence quote what a damaged file holds', async () => {
  const { directory } = await leftWork('in place', 'createComment');
  for (const [key, text] of textsIn(directory)) {
    if (!text.startsWith('{"$file"')) continue;
    expect(
      await withText(
        key.replace(/[^/]+$/, (name) => `1${name}`),
        text,
      ),
      key,
    ).toMatchObject({
      name: 'DamagedWorkFileError',
      message: expect.stringContaining('is a copy of another file'),
    });
  }
  const secret = await withText('locks/site.json', '{"state":"held","holder":"secret value');
  expect(JSON.stringify([secret, (secret as Error).message, String((secret as Error).cause)])).not.toContain('secret');
});

it.each([
  ['locks/site.json', /names the run that holds this site.*remove it/],
  ['backup-locks/site.json', /names the run that holds this site.*remove it/],
  ['finished/2026-11-23_02-00-00/seal.json', /says that a backup was made here.*put its last whole copy back/],
  ['accepted/site.json', /what somebody has accepted.*accept again/],
  ['schedules/2026-11-23_02-00-00.json', /remove it/],
  ['operations/watched-since.json', /Remove it/],
])('of %s, which outlives its run, a damaged file is never mended by starting again', async (key, remedy) => {
  const { message } = (await withText(key, '{')) as Error;
  expect(message).toMatch(remedy);
  expect(message).not.toContain('each run makes its own');
});
