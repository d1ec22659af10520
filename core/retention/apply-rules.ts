import type { KeepRules } from '../model/keep.ts';
import { periodRules, type RuleReason } from './keep-reason.ts';
import type { CalendarPlace } from './periods.ts';

/** What the rules look at of a backup. */
export interface Dated {
  readonly name: string;
  readonly place: CalendarPlace;
}

type FoundReason = Pick<RuleReason, 'kind' | 'period'>;

/**
 * Which of these backups the rules keep, and why: of each period the newest, of the newest periods that have one. Days without a
 * backup take nothing away, so that a site that has none for a month keeps as many.
 * @param newestFirst backups of one thing, the newest first
 * @param today days from 1970 on
 */
export function applyRules(
  newestFirst: readonly Dated[],
  rules: KeepRules,
  today: number,
): Map<string, readonly FoundReason[]> {
  const reasons = new Map<string, FoundReason[]>();
  const keep = ({ name }: Dated, kind: RuleReason['kind'], period: string) => {
    const found = reasons.get(name) ?? [];
    found.push({ kind, period });
    reasons.set(name, found);
  };
  for (const one of newestFirst.slice(0, rules.last)) keep(one, 'last', String(rules.last));
  for (const rule of periodRules) {
    const periods = new Set<string>();
    for (const one of newestFirst) {
      if (periods.size === rules[rule]) break;
      const period = one.place[rule];
      if (periods.has(period)) continue;
      periods.add(period);
      keep(one, rule, period);
    }
  }
  if (rules.within > 0) {
    for (const one of newestFirst)
      if (today - one.place.dayNumber <= rules.within) keep(one, 'within', String(rules.within));
  }
  return reasons;
}
