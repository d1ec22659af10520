import { counted, readableCount } from '../../counted.ts';
import type { Suspicion } from '../../model/loss-alarm.ts';
import { acceptedSince } from './accepted-losses.ts';
import type { AgainstMeasure } from './against-measure.ts';
import { hiddenIn } from './compared-schemas.ts';
import { reaches } from './threshold.ts';

/**
 * Types that have fewer objects than in a measure, and all schemas together; of what is gone as a whole that is told by itself. Where
 * a person has accepted a number since, that is what is expected.
 */
export function fewerObjects(held: AgainstMeasure): Suspicion[] {
  const { measure, against, schemas, night, settings, acceptances } = held;
  const ofTypes = { percent: settings.typePercent, atLeast: settings.atLeast };
  const kept = { kind: 'fewer-objects', measure, against: against.name } as const;
  const suspicions: Suspicion[] = [];
  const sums = { before: 0, now: 0, hidden: 0 };
  for (const schema of schemas) {
    if (!('now' in schema)) continue;
    const { key } = schema.now;
    for (const type of schema.types) {
      if (!type.now) continue;
      const place = { ...kept, schemaId: schema.now.id, schemaKey: key, objectTypeId: type.before.id };
      const before = Math.min(
        type.before.stored,
        acceptedSince(acceptances, place, against.name)?.number ?? type.before.stored,
      );
      const { stored: now, name } = type.now;
      sums.before += before;
      if (!reaches(before - now, before, ofTypes)) continue;
      const hidden = hiddenIn(night, schema.now, 'objects', type.before.id);
      const message = `${key}: ${sentence(name, { before, now, hidden }, type.before.stored > before, against.name)}`;
      suspicions.push({ ...place, before, now, threshold: ofTypes, message });
    }
    sums.now += schema.knownTypes.reduce((sum, { stored }) => sum + stored, 0);
    sums.hidden += hiddenIn(night, schema.now, 'objects');
  }
  const ofAll = { percent: settings.allPercent, atLeast: settings.atLeast };
  const accepted = acceptedSince(acceptances, kept, against.name)?.number;
  const before = Math.min(sums.before, accepted ?? sums.before);
  if (reaches(before - sums.now, before, ofAll)) {
    const message = sentence('All schemas together', { ...sums, before }, before < sums.before, against.name, 'have');
    suspicions.push({ ...kept, before, now: sums.now, threshold: ofAll, message });
  }
  return suspicions;
}

function sentence(
  what: string,
  { before, now, hidden }: { readonly before: number; readonly now: number; readonly hidden: number },
  isAccepted: boolean,
  against: string,
  has = 'has',
): string {
  const there = isAccepted
    ? `${readableCount(before)} had been accepted since ${against}`
    : `in ${against} it was ${readableCount(before)}`;
  const notShown = `the site counts ${readableCount(hidden)} more that this account does not see`;
  const why = hidden === 0 ? '' : `; ${notShown}, by a right that was lost or withheld, not because they were deleted`;
  return `${what} ${has} ${counted(now, 'object')}; ${there}${why}.`;
}
