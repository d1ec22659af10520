import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { damageFile, damages, workFiles } from './damaged-work.ts';
import { afterAccident, linkedSite, relink } from './relink-run.ts';
import { restore } from './restore-run.ts';
import { undo } from './undo-run.ts';

const ways: readonly (readonly [string, ((text: string, other?: string) => string | undefined) | undefined])[] = [
  ['removed', undefined],
  ...Object.entries(damages),
];

describe('a journal of issues that is damaged', () => {
  it('is named by whatever goes by it, before anything is written', { timeout: 120_000 }, async () => {
    const linked = linkedSite();
    const { simulator, directory, backup } = await afterAccident(linked);
    const { result } = await restore(simulator, directory, { folder: backup, relinkIssues: true });
    const name = result?.restore ?? '';
    const work = join(directory, '.work');
    const journals = workFiles(work).filter((key) => /^journals\/[^/]+\/[^/]+\/issues\//.test(key));
    expect(journals.map((key) => basename(key))).toEqual([`${name}.00000.json`]);
    const [journal = ''] = journals;
    const path = join(work, journal);
    const whole = readFileSync(path, 'utf8');
    const other = readFileSync(join(work, journal.replace('/issues/', '/objects/')), 'utf8');
    const written = simulator.requests.writes.length;
    let tried = 0;
    for (const [way, damage] of ways) {
      if (!damageFile(path, damage && ((text) => damage(text, other)))) continue;
      tried += 1;
      const runs = {
        relink: await relink(simulator, directory, { relink: name }),
        restore: await restore(simulator, directory, { folder: backup, relinkIssues: true }),
        undo: await undo(simulator, directory, { undo: name }),
      };
      for (const [run, { error }] of Object.entries(runs)) {
        const at = `${run} with a journal ${way}`;
        expect(['DamagedWorkFileError', 'UnsupportedFormatError'], at).toContain(error?.name);
        expect(error?.message, at).toContain(basename(journal));
      }
      writeFileSync(path, whole);
    }
    expect(tried).toBeGreaterThan(3);
    expect(simulator.requests.writes.slice(written)).toEqual([]);
    expect((await relink(simulator, directory, { relink: name })).report?.issues).toMatchObject({ already: 12 });
  });
});
