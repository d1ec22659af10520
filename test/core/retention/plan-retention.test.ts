import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counts } from '../../../core/model/outcome.ts';
import { type KeepReason, periodRules } from '../../../core/retention/keep-reason.ts';
import type { KnownBackup } from '../../../core/retention/known-backup.ts';
import { planRetention, type RetentionFacts } from '../../../core/retention/plan-retention.ts';
import { day, factsOf, folders, hour, night, noRules } from './retention-model.ts';
import { isNewer, mayCount, ruleReasons, seriesOf } from './retention-oracle.ts';

const many = { numRuns: 400 };

const deletedBy = (facts: RetentionFacts) =>
  planRetention(facts).decisions.flatMap(({ name, reasons }) => (reasons.length === 0 ? [name] : []));

const keptBy = (facts: RetentionFacts) =>
  new Map(planRetention(facts).decisions.map(({ name, reasons }) => [name, reasons]));

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

const at = (text: string) => Date.parse(text);

describe('the days of a time zone', () => {
  const daysOf = (starts: readonly string[], timeZone: string) => {
    const backups = starts.map((start) => night(at(start)));
    const reasons = keptBy(factsOf(backups, { rules: { ...noRules, daily: 9 }, timeZone }));
    return backups.map(({ name }) => (reasons.get(name) ?? []).flatMap((one) => ('period' in one ? [one.period] : [])));
  };

  it('has one day where clocks go back and one where they go forward', () => {
    // 25 hours: 02:30 comes twice. The later one is the newest of the day.
    expect(daysOf(['2026-10-24T22:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'], 'Europe/Berlin')).toEqual([
      [],
      [],
      ['2026-10-25'],
    ]);
    // 23 hours.
    expect(daysOf(['2026-03-28T23:30:00Z', '2026-03-29T21:30:00Z', '2026-03-29T22:30:00Z'], 'Europe/Berlin')).toEqual([
      [],
      ['2026-03-29'],
      ['2026-03-30'],
    ]);
  });

  it('knows leap days, and the day that a place has left out', () => {
    expect(daysOf(['2028-02-28T12:00:00Z', '2028-02-29T12:00:00Z', '2028-03-01T12:00:00Z'], 'UTC')).toEqual([
      ['2028-02-28'],
      ['2028-02-29'],
      ['2028-03-01'],
    ]);
    expect(daysOf(['2011-12-30T09:00:00Z', '2011-12-30T11:00:00Z'], 'Pacific/Apia')).toEqual([
      ['2011-12-29'],
      ['2011-12-31'],
    ]);
  });

  it('counts weeks from Monday, in the year of their Thursday', () => {
    const weeks = ['2026-12-27T12:00:00Z', '2026-12-28T12:00:00Z', '2027-01-03T12:00:00Z', '2027-01-04T12:00:00Z'];
    const backups = weeks.map((start) => night(at(start)));
    const reasons = keptBy(factsOf(backups, { rules: { ...noRules, weekly: 9 } }));
    expect(
      backups.map(({ name }) => (reasons.get(name) ?? []).flatMap((one) => ('period' in one ? [one.period] : []))),
    ).toEqual([['2026-W52'], [], ['2026-W53'], ['2027-W01']]);
  });
});

describe('backups of some schemas', () => {
  const start = at('2026-11-20T02:00:00Z');
  const nights = Array.from({ length: 5 }, (_, index) => night(start + index * day));

  it('push no whole one out, and are pushed out by none that is older', () => {
    const byHand = Array.from({ length: 9 }, (_, index) =>
      night(start + 4 * day + (index + 2) * hour, { objectSchemaKeys: ['FAC'] }),
    );
    const facts = factsOf([...nights, ...byHand], { rules: { ...noRules, last: 3 } });
    const names = (some: readonly KnownBackup[]) => some.map(({ name }) => name);
    expect(deletedBy(facts)).toEqual([...names(nights.slice(0, 2)), ...names(byHand.slice(0, 6))]);
    const reasons = keptBy(facts);
    expect(reasons.get(nights[4]?.name ?? '')?.[0]).toEqual({ kind: 'newest', schemas: null });
    expect(reasons.get(byHand[8]?.name ?? '')?.[0]).toEqual({ kind: 'newest', schemas: ['FAC'] });
  });

  it('hold nothing back where a night of all is newer, and are asked after where they are the newest of their schemas', () => {
    const partial = night(start + 3 * day + hour, { objectSchemaKeys: ['FAC'], status: 'partial' });
    expect(deletedBy(factsOf([...nights, partial]))).toHaveLength(5);
    const late = { ...partial, ...night(start + 4 * day + hour, { objectSchemaKeys: ['FAC'], status: 'partial' }) };
    const usersAlone = night(start + 4 * day + 2 * hour, { objectSchemaKeys: ['USERS'] });
    const plan = planRetention(factsOf([...nights, late, usersAlone]));
    expect(plan.heldBack).toMatchObject([
      { message: expect.stringContaining(`${late.name}, the newest of its schemas, is partial`) },
    ]);
  });

  it('are no night of what the schedule backs up, so that one that fails is late', () => {
    const byHand = night(start + 8 * day, { objectSchemaKeys: ['FAC'] });
    const facts = factsOf([...nights, byHand], { scheduled: null });
    expect(deletedBy(facts)).toEqual([]);
    expect(planRetention(facts).heldBack[0]?.message).toMatch(
      /^the newest backup, 2026-11-24_02-00-00, is late: it ended 97 hours ago/,
    );
    // Where no schedule is known, a person may have chosen to back up less from now on.
    expect(deletedBy({ ...facts, scheduled: undefined })).toHaveLength(4);
  });
});

describe('suspicious backups', () => {
  const start = at('2026-11-20T02:00:00Z');
  const suspicious = [6, 7, 8];
  const nights = Array.from({ length: 10 }, (_, index) =>
    night(start + index * day, { isSuspicious: suspicious.includes(index) }),
  );

  it("take nobody else's place once they are over, and hold all back while the newest is one", () => {
    const facts = factsOf(nights, { rules: { ...noRules, last: 3 } });
    const kept = nights.map(({ name }) => !deletedBy(facts).includes(name));
    expect(kept).toEqual([false, false, false, false, true, true, false, true, true, true]);

    const during = factsOf(nights.slice(0, 9), { rules: { ...noRules, last: 3 } });
    expect(deletedBy(during)).toEqual([]);
    expect(planRetention(during).heldBack).toEqual([
      { siteName: 'https://one.atlassian.net', message: expect.stringMatching(/is suspicious\. Look at it/) },
    ]);
  });
});

describe('a schema that is gone', () => {
  const start = at('2026-11-20T02:00:00Z');
  const have = (...keys: readonly string[]) => keys.map((key) => ({ id: key.toLowerCase(), key, isWhole: true }));
  const without = Array.from({ length: 4 }, (_, index) =>
    night(start + (index + 3) * day, { schemas: have('FAC', 'USERS') }),
  );
  const decided = (...earlier: readonly KnownBackup[]) => {
    const facts = factsOf([...earlier, ...without], { rules: { ...noRules, within: 1 } });
    const kept = keptBy(facts);
    return earlier.map(({ name }) => kept.get(name));
  };

  it('keeps its newest backup, and where that is suspicious the newest that is not, whatever the rules', () => {
    const nights = [0, 1, 2].map((index) => night(start + index * day, { isSuspicious: index === 2 }));
    expect(decided(...nights)).toEqual([
      [],
      [{ kind: 'not-suspicious', schemas: ['ITSM'] }],
      [{ kind: 'newest', schemas: ['ITSM'] }],
    ]);
  });

  it('keeps the best that there is of it, where no backup that counts has it', () => {
    const partial = (index: number, isWhole: boolean, isSuspicious = false) =>
      night(start + index * day, {
        ...{ status: 'partial', isSuspicious },
        schemas: [...have('USERS').map((one) => ({ ...one, isWhole: false })), { id: 'itsm', key: 'ITSM', isWhole }],
      });
    expect(decided(partial(0, true), partial(1, true), partial(2, false))).toEqual([
      [],
      [{ kind: 'nothing-better', schemas: ['ITSM'] }],
      [],
    ]);
    expect(decided(partial(0, true), partial(1, true, true))).toEqual([
      [{ kind: 'not-suspicious', schemas: ['ITSM'] }],
      [{ kind: 'nothing-better', schemas: ['ITSM'] }],
    ]);
    expect(decided(partial(0, false), partial(1, false))).toEqual([
      [],
      [{ kind: 'nothing-better', schemas: ['ITSM'] }],
    ]);
  });
});
