import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listBackups } from '../../core/backup-format/open-backup.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { roomyPlace } from '../roomy-place.ts';
import { issuesCompany, linksOnSite, storedLinks } from './issues-company.ts';
import { isDeep } from './kill-points.ts';
import { backUp, HurriedClock, RecordingReporter } from './local-run.ts';
import { NightKiller } from './night-killer.ts';

/** `npm test` dies at every so many-th write, and at each that has to do with issues; `npm run test:deep` at all. */
const every = 5;

describe('a backup with issue links', () => {
  const directory = mkdtempSync(join(roomyPlace(), 'assets-backup-issue-kills-'));
  const { site } = issuesCompany({ issues: 8 });
  let simulator: Simulator;
  let writes: readonly string[] = [];
  let now = Date.UTC(2026, 10, 23, 2);
  const clock = () => new HurriedClock(now, () => 0);

  beforeAll(async () => {
    writeFileSync(join(directory, 'settings.json'), JSON.stringify({ issueLinks: true }));
    simulator = await startSimulator({ site, clock: { now: () => now }, quirks: { issuePageSize: 2 } });
    const counting = new NightKiller('', '');
    const copy = `${directory}-counted`;
    cpSync(directory, copy, { recursive: true });
    const { error } = await backUp(simulator, {
      ...short,
      directory: copy,
      clock: clock(),
      decorate: counting.decorate,
    });
    rmSync(copy, { recursive: true });
    expect(error).toBeUndefined();
    writes = counting.writes;
  });

  afterAll(async () => {
    await simulator.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('that dies at any write is whole or no backup, and the next one is whole', { timeout: 900_000 }, async () => {
    const ofIssues = writes.filter((name) => name.includes('/issues/'));
    expect(ofIssues.length).toBeGreaterThan(10);
    for (const [index, name] of writes.entries()) {
      if (!isDeep && index % every > 0 && !name.includes('/issues/')) continue;
      await killedAt(index + 1, `write ${index + 1}, ${name}`);
    }
  });

  async function killedAt(write: number, where: string): Promise<void> {
    const [running, left] = [`${directory}-running`, `${directory}-left`];
    try {
      cpSync(directory, running, { recursive: true });
      const killer = new NightKiller(running, left, write);
      await backUp(simulator, { ...short, directory: running, clock: clock(), decorate: killer.decorate });
      expect(killer.hasStruck, where).toBe(true);
      now += 3_600_000;
      const { manifest } = await backUp(simulator, { ...short, directory: left, clock: clock() });
      expect(manifest, where).toMatchObject({ status: 'complete', gaps: [], notices: [] });
      for await (const listed of listBackups(openLocalStores(left).backups)) {
        if (listed.state === 'unfinished') continue;
        if (listed.state !== 'finished') throw new Error(`${where}: ${listed.name} is ${listed.state}`);
        expect(await storedLinks(left, listed.manifest), where).toEqual(linksOnSite(site));
        const stores = { backups: openLocalStores(left).backups, reporter: new RecordingReporter() };
        const { problems, strangers } = await verifyBackup(stores, listed.name);
        expect([...problems, ...strangers], where).toEqual([]);
      }
    } finally {
      now -= 3_600_000;
      for (const folder of [running, left]) rmSync(folder, { recursive: true, force: true });
    }
  }
});

/** An invocation has time for one page: what it leaves for the next one is written as well. */
const short = { remainingMilliseconds: () => 0 };
