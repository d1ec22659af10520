import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorkStore } from '../../core/ports/work-store.ts';
import { backUp, testDirectory, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { restore } from './restore-run.ts';

const pageOf = (directory: string, folder: string) => join(directory, '.work', folder, 'report.html');

/** A work store that takes no file whose key ends so. */
function without(work: WorkStore, ending: string): WorkStore {
  return new Proxy(work, {
    get(store, name) {
      const value = Reflect.get(store, name, store);
      if (typeof value !== 'function') return value;
      if (name !== 'write') return value.bind(store);
      return async (key: string, text: string) => {
        if (key.endsWith(ending)) throw new TypeError('No page today.');
        await store.write(key, text);
      };
    },
  });
}

describe('a report', () => {
  it('is left by each backup and each restore, with what changed since the backup before', async () => {
    const { site, laptops } = companySite();
    const simulator = await testSimulator({ site });
    const first = await backUp(simulator);
    const { directory } = first;
    const { backup = '' } = first.result ?? {};
    const page = readFileSync(pageOf(directory, `reports/${backup}`), 'utf8');
    expect(page).toContain('There is no earlier backup here to compare it with.');
    expect(existsSync(join(directory, '.work', 'reports', backup, 'changes.json'))).toBe(false);

    for (const laptop of laptops.slice(0, 2)) site.deleteObject(laptop);
    const second = await backUp(simulator, { directory });
    const later = readFileSync(pageOf(directory, `reports/${second.result?.backup}`), 'utf8');
    expect(later).toMatch(new RegExp(`Since ${backup}: 0 added, \\d+ changed, 2 removed\\.`));
    expect(later).toContain('The last 2 backups');

    const { result } = await restore(simulator, directory, { folder: backup });
    const restored = readFileSync(pageOf(directory, `restores/${result?.restore}`), 'utf8');
    expect(restored).toContain(`Restore ${result?.restore}`);
    expect(restored).toMatch(/2 objects created/);
  });

  it('that fails leaves the end of a backup and of a restore as it was, and says so in the log', async () => {
    const { site, laptops } = companySite();
    const simulator = await testSimulator({ site });
    const directory = testDirectory();
    const failing = <Own extends { work: WorkStore }>(own: Own) => ({ ...own, work: without(own.work, 'report.html') });
    const { result, reporter } = await backUp(simulator, { directory, decorate: failing });
    expect(result?.status).toBe('complete');
    expect(existsSync(pageOf(directory, `reports/${result?.backup}`))).toBe(false);
    const failed = reporter.events.filter(({ name }) => name === 'step.failed');
    expect(failed.map(({ fields }) => fields.step)).toContain('ReportBackup');

    for (const laptop of laptops.slice(0, 1)) site.deleteObject(laptop);
    const run = await restore(simulator, directory, { folder: result?.backup ?? '' }, { decorate: failing });
    expect(run.result?.created).toBe(1);
    expect(existsSync(pageOf(directory, `restores/${run.result?.restore}`))).toBe(false);
    expect(run.reporter.events.map(({ name }) => name)).toContain('report.failed');
  });
});
