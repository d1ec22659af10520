import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment } from '../../functions/environment.ts';
import { functionNeeds } from '../../functions/function-needs.ts';
import { stepName } from '../../functions/step-list.ts';
import { bundleFunctions } from '../../infra/bundles.ts';
import { functionFiles } from './rights.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'assets-backup-bundles-'));
const bundles = join(folder, 'first');
const again = join(folder, 'deeper', 'second');
const mostBytes = 800 * 1024;
/** One of each machine, and one of none. */
const bundledTwice = ['plan-backup', 'plan-restore', 'plan-drill', 'prune-backups'] as const;

/** What a function's environment must hold before its code can be loaded. */
const variables = {
  [environment.backupsBucket]: 'backups',
  [environment.workBucket]: 'work',
  [environment.bucketOwner]: '123456789012',
  [environment.stackName]: 'Site',
};

/** Loads every bundle in a process of its own, as Lambda does: which step does its handler hold? */
const loadBundles = `
const held = {};
for (const name of process.argv.slice(1)) {
  const { handler } = await import('${bundles}/' + name + '/index.mjs');
  held[name] = typeof handler === 'function' ? handler.stepName : typeof handler;
}
console.log(JSON.stringify(held));`;

describe('the bundles of functions', () => {
  // On a machine that has much else to do it takes minutes.
  beforeAll(async () => {
    await bundleFunctions(bundles);
    await bundleFunctions(again, bundledTwice);
  }, 10 * 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are those of the list', () => {
    expect(readdirSync(bundles).toSorted()).toEqual(functionFiles.map(stepName).toSorted());
    for (const name of readdirSync(bundles)) {
      expect(readdirSync(join(bundles, name))).toEqual(['index.mjs', 'index.mjs.map']);
    }
  });

  it('hold nothing that deletes, but for the one of pruning', () => {
    // What the deleter says of a lock that it may not see.
    const holding = readdirSync(bundles).filter((name) =>
      /asked for its lock/.test(readFileSync(join(bundles, name, 'index.mjs'), 'utf8')),
    );
    expect(holding).toEqual([stepName('prune-backups')]);
  });

  it('hold what reads schedules where it is asked for, and nowhere else', () => {
    // What the library says of a pattern that is none.
    const holding = readdirSync(bundles).filter((name) =>
      /CronPattern: invalid configuration/.test(readFileSync(join(bundles, name, 'index.mjs'), 'utf8')),
    );
    expect(holding).toEqual(
      functionFiles
        .filter((file) => functionNeeds[file].asksSchedule)
        .map(stepName)
        .toSorted(),
    );
  });

  it('export the handler of the step of their name each, and are small', { timeout: 5 * 60_000 }, () => {
    const names = functionFiles.map(stepName);

    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', loadBundles, ...names], {
      encoding: 'utf8',
      env: variables,
    });

    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(names.map((name) => [name, name])));
    for (const name of names) {
      expect(statSync(join(bundles, name, 'index.mjs')).size, name).toBeLessThan(mostBytes);
    }
  });

  it('know nothing of this machine', () => {
    for (const name of readdirSync(bundles)) {
      for (const part of ['index.mjs', 'index.mjs.map']) {
        const text = readFileSync(join(bundles, name, part), 'utf8');
        for (const place of [root, folder, homedir()])
          expect(text.includes(`${place}/`), `${name}/${part}`).toBe(false);
      }
    }
  });

  it('have maps that name our files, and hold none of them', () => {
    const map = JSON.parse(readFileSync(join(bundles, 'PlanBackup', 'index.mjs.map'), 'utf8'));
    expect(map.sources).toContain('../../core/backup/plan-backup.ts');
    expect(map.sourcesContent).toBeUndefined();
  });

  it('are the same bytes each time, so that a deployment uploads only what changed', () => {
    expect(readdirSync(again)).toHaveLength(bundledTwice.length);
    for (const name of readdirSync(again)) {
      for (const part of ['index.mjs', 'index.mjs.map']) {
        const same = readFileSync(join(bundles, name, part)).equals(readFileSync(join(again, name, part)));
        expect(same, `${name}/${part}`).toBe(true);
      }
    }
  });
});
