import { describe, expect, it } from 'vitest';
import { reasonWords } from '../../../core/retention/keep-reason.ts';
import type { KnownBackup } from '../../../core/retention/known-backup.ts';
import { planRetention } from '../../../core/retention/plan-retention.ts';
import { day, deletedBy, factsOf, hour, keptBy, night, noRules } from './retention-model.ts';

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

describe('backups without history and comments', () => {
  const start = at('2026-11-20T02:00:00Z');

  it('never leave themselves alone: the newest that has both is kept, of every schema', () => {
    const nights = [0, 1, 2, 3].map((index) => night(start + index * day, { hasActivity: index < 2 }));
    const plan = factsOf(nights, { rules: { ...noRules, last: 1 } });

    expect(deletedBy(plan)).toEqual([nights[0]?.name, nights[2]?.name]);
    expect(
      keptBy(plan)
        .get(nights[1]?.name ?? '')
        ?.map(reasonWords),
    ).toEqual(['newest of all schemas that has history and comments']);
  });

  it('make no difference where none has them', () => {
    const nights = [0, 1, 2].map((index) => night(start + index * day, { hasActivity: false }));
    expect(deletedBy(factsOf(nights, { rules: { ...noRules, last: 1 } }))).toEqual(
      nights.slice(0, 2).map(({ name }) => name),
    );
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
      /^the newest backup, 2026-11-24_02-00-00, is late: it ended more than 97 hours ago/,
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

  it('calls no backup of the schedule’s schemas the newest of all, and keeps the newest that is', () => {
    const start = Date.UTC(2026, 10, 1, 2);
    const byHand = night(start, {
      schemas: ['FAC', 'ITSM'].map((key) => ({ id: key.toLowerCase(), key, isWhole: true })),
    });
    const nights = [1, 2, 3].map((at) => night(start + at * day, { objectSchemaKeys: ['FAC', 'ITSM'] }));
    const facts = factsOf([byHand, ...nights], { rules: { ...noRules, last: 1 }, scheduled: ['FAC', 'ITSM'] });
    const reasons = new Map([...keptBy(facts)].map(([name, some]) => [name, some.map(reasonWords)]));
    expect(reasons.get(byHand.name)).toContain('newest of all schemas');
    expect(reasons.get(nights[2]?.name ?? '')).toEqual(['newest with FAC, ITSM', 'the last (FAC, ITSM)']);
    expect(deletedBy(facts)).toEqual(nights.slice(0, 2).map(({ name }) => name));
  });
});
