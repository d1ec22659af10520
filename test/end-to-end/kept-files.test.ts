import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Services } from '../../core/ports/services.ts';
import { KeptFiles } from '../../core/reading/kept-files.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { HurriedClock, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';

const golden = new GoldenFolder('format-1');
const folder = '2026-11-23_02-00-00';

/** A restore into an empty site, of a backup of which each file of objects, history or comments is damaged as soon as it was read. */
async function restoreDamaged(more: Partial<Services> = {}) {
  const directory = golden.copy();
  const reads: string[] = [];
  const decorate = (services: Services): Services => {
    const { backups } = services;
    const read = async (key: string, most?: number) => {
      const bytes = await backups.read(key, most);
      if (!/\/(objectsmeta|objects\/history|objects\/comments)\//.test(key)) return bytes;
      reads.push(key);
      const path = join(directory, key);
      writeFileSync(path, `${readFileSync(path, 'utf8')} `);
      return bytes;
    };
    const watched = new Proxy(backups, {
      get(of, name) {
        const value = Reflect.get(of, name) as unknown;
        return name === 'read' ? read : typeof value === 'function' ? value.bind(of) : value;
      },
    });
    return { ...services, ...more, backups: watched };
  };
  const site = emptySiteLike(golden.sourceSite());
  const simulator = await testSimulator({ site, quirks: site.quirks });
  const clock = new HurriedClock(Date.UTC(2026, 10, 24, 8));
  return { reads, ...(await restore(simulator, directory, { folder }, { clock, decorate })) };
}

describe('files of objects and of their activity', () => {
  it('are read once, by the check, and what that has seen is restored and proven', async () => {
    const { reads, result } = await restoreDamaged();
    expect(result).toMatchObject({ created: 18, differences: 0 });
    for (const kind of ['objectsmeta', 'history', 'comments']) expect(reads.join()).toContain(`/${kind}/`);
    expect(reads).toHaveLength(new Set(reads).size);
  });

  it.each([
    ['each step has a process of its own', null],
    ['there is no room', new KeptFiles(0)],
  ])('are read by each step where %s, and held against their sums', async (_, kept) => {
    const { reads, result, error } = await restoreDamaged({ kept });
    expect(result).toBeUndefined();
    expect(error?.message).toContain("is damaged: its SHA-256 is not the manifest's");
    expect(reads.length).toBeGreaterThan(new Set(reads).size);
  });
});
