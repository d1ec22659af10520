import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counts } from '../../../core/model/outcome.ts';
import { type KeepReason, periodRules } from '../../../core/retention/keep-reason.ts';
import type { KnownBackup } from '../../../core/retention/known-backup.ts';
import { planRetention, type RetentionFacts } from '../../../core/retention/plan-retention.ts';
import { day, deletedBy, folders, hour, keptBy, night, noRules } from './retention-model.ts';
import { isNewer, mayCount, ruleReasons, seriesOf } from './retention-oracle.ts';

const many = { numRuns: 400 };

const without = (facts: RetentionFacts, names: readonly string[]): RetentionFacts => ({
  ...facts,
  backups: facts.backups.filter(({ name }) => !names.includes(name)),
});

/** Nothing holds back: all is deleted that may be. A schema may be gone from the sites by then. */
const calm = fc.tuple(folders, fc.boolean()).map(([facts, isGone]): RetentionFacts => {
  const sites = [...new Set(facts.backups.map(({ site }) => site))];
  const keys = isGone ? ['FAC', 'USERS'] : ['FAC', 'ITSM', 'USERS'];
  const newest = sites.map((site, index) =>
    night(facts.now - (2 + index) * hour, {
      ...{ site, siteName: `https://${site}.atlassian.net` },
      schemas: keys.map((key) => ({ id: key.toLowerCase(), key, isWhole: true })),
    }),
  );
  const earlier = facts.backups.filter(
    ({ startedAt, origin }) => origin === 'future' || Date.parse(startedAt) < facts.now - 6 * hour,
  );
  return { ...facts, backups: [...earlier, ...newest] };
});

const ruleKinds: readonly KeepReason['kind'][] = ['last', 'within', ...periodRules];

describe('the plan of what is kept', () => {
  it('keeps by the rules just what an oracle says, in every time zone, for every schema and site', () => {
    let compared = 0;
    fc.assert(
      fc.property(calm, (facts) => {
        const plan = keptBy(facts);
        for (const backup of facts.backups) {
          const series = seriesOf(facts.backups, backup.site);
          const expected = new Set(series.flatMap((one) => ruleReasons(backup, one, facts)));
          const found = (plan.get(backup.name) ?? []).flatMap((reason) =>
            ruleKinds.includes(reason.kind) && 'period' in reason ? [`${reason.kind} ${reason.period}`] : [],
          );
          expect([...new Set(found)].sort()).toEqual([...expected].sort());
          compared += expected.size;
        }
      }),
      many,
    );
    expect(compared).toBeGreaterThan(3_000);
  });

  it('never deletes the newest good one of any schema, nor the newest that is not suspicious, nor the only one', () => {
    let deletions = 0;
    fc.assert(
      fc.property(fc.oneof(calm, folders), (facts) => {
        const deleted = new Set(deletedBy(facts));
        deletions += deleted.size;
        const left = facts.backups.filter(({ name }) => !deleted.has(name));
        for (const site of ['w1', 'w2']) {
          const ours = (some: readonly KnownBackup[]) => some.filter((one) => one.site === site && mayCount(one));
          const has = (id: string | null, some: readonly KnownBackup[]) =>
            ours(some).filter((one) =>
              id === null ? one.objectSchemaKeys === null : one.schemas.some((schema) => schema.id === id),
            );
          const good = (id: string | null, some: readonly KnownBackup[]) =>
            has(id, some).filter(({ status }) => counts(status));
          const whole = (id: string | null, some: readonly KnownBackup[]) =>
            has(id, some).filter(
              ({ status, schemas }) =>
                counts(status) || schemas.every((schema) => schema.isWhole || (id !== null && schema.id !== id)),
            );
          const notSuspicious = (some: readonly KnownBackup[]) => some.filter(({ isSuspicious }) => !isSuspicious);
          for (const id of [null, 'fac', 'itsm', 'users']) {
            expect(newestOf(good(id, left))).toBe(newestOf(good(id, facts.backups)));
            expect(newestOf(notSuspicious(good(id, left)))).toBe(newestOf(notSuspicious(good(id, facts.backups))));
            for (const some of [
              has,
              whole,
              (one: string | null, all: readonly KnownBackup[]) => notSuspicious(whole(one, all)),
            ])
              expect(some(id, left).length > 0).toBe(some(id, facts.backups).length > 0);
          }
        }
      }),
      many,
    );
    expect(deletions).toBeGreaterThan(800);
  });

  it('gives each that it keeps a reason, and deletes none that a restore, a reader, a lock or a person needs', () => {
    fc.assert(
      fc.property(fc.oneof(calm, folders), (facts) => {
        const { decisions } = planRetention(facts);
        expect(decisions.map(({ name }) => name).sort()).toEqual(facts.backups.map(({ name }) => name).sort());
        const deleted = new Set(deletedBy(facts));
        for (const { name, restores, readers, lockedUntil, writtenAs, origin } of facts.backups) {
          if (!deleted.has(name)) continue;
          expect({ restores, readers, lockedUntil, writtenAs }).toEqual({
            ...{ restores: [], readers: [], lockedUntil: null, writtenAs: null },
          });
          expect(['recorded', 'older']).toContain(origin);
        }
      }),
      many,
    );
  });

  it('deletes nothing more when it is asked again, and nothing for what was put there or lies in the future', () => {
    fc.assert(
      fc.property(
        fc.oneof(calm, folders),
        fc.constantFrom('stranger', 'future', 'copied'),
        fc.nat(90),
        (facts, origin, days) => {
          const deleted = deletedBy(facts);
          expect(deletedBy(without(facts, deleted))).toEqual([]);

          const start = facts.now + (origin === 'future' ? 1 : -1) * days * day - 12_345;
          const planted = night(start, { origin, isSuspicious: true, name: 'planted' });
          expect(deletedBy({ ...facts, backups: [...facts.backups, planted] })).toEqual(deleted);
          const damaged = { ...facts, unreadable: [{ name: planted.name, state: 'damaged' as const }] };
          expect(deleted).toEqual(expect.arrayContaining(deletedBy(damaged)));
        },
      ),
      many,
    );
  });

  it('deletes of a site only what it would if the other one were not there', () => {
    fc.assert(
      fc.property(fc.oneof(calm, folders), (facts) => {
        const alone = ['w1', 'w2'].flatMap((site) =>
          deletedBy({ ...facts, backups: facts.backups.filter((one) => one.site === site) }),
        );
        expect(deletedBy(facts)).toEqual(alone.sort());
      }),
      many,
    );
  });

  it('deletes nothing of a site while its newest is partial, suspicious or late, cannot be read, or a backup runs', () => {
    fc.assert(
      fc.property(calm, fc.constantFrom('w1', 'w2'), (facts, site) => {
        const mine = facts.backups.filter((one) => one.site === site && mayCount(one));
        const newest = mine.find((one) => one.name === newestOf(mine));
        const others = deletedBy({ ...facts, backups: facts.backups.filter((one) => one.site !== site) });
        if (!newest) return;
        const changed = (change: Partial<KnownBackup>): RetentionFacts => ({
          ...facts,
          backups: facts.backups.map((one) => (one === newest ? { ...one, ...change } : one)),
        });
        expect(deletedBy(changed({ status: 'partial' }))).toEqual(others);
        expect(deletedBy(changed({ isSuspicious: true }))).toEqual(others);
        expect(deletedBy({ ...facts, running: new Set([site]) })).toEqual(others);
        expect(deletedBy({ ...facts, now: facts.now + 60 * day, rules: { ...facts.rules, within: 0 } })).toEqual([]);
        expect(deletedBy({ ...facts, unreadable: [{ name: '9999-01-01_00-00-00', state: 'damaged' }] })).toEqual([]);
        expect(deletedBy({ ...facts, heldBack: 'a restore is damaged.' })).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('never deletes more by rules that keep more', () => {
    fc.assert(
      fc.property(
        calm,
        fc.constantFrom(...Object.keys(noRules)),
        fc.integer({ min: 1, max: 9 }),
        (facts, rule, more) => {
          const wider = { ...facts.rules, [rule]: facts.rules[rule as keyof typeof noRules] + more };
          expect(deletedBy(facts)).toEqual(expect.arrayContaining(deletedBy({ ...facts, rules: wider })));
        },
      ),
      many,
    );
  });
});

const newestOf = (some: readonly KnownBackup[]) =>
  some.reduce<KnownBackup | undefined>((one, other) => (one && isNewer(one, other) ? one : other), undefined)?.name;
