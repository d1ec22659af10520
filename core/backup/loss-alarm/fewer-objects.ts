import { counted, readableCount } from '../../counted.ts';
import type { Suspicion } from '../../model/loss-alarm.ts';
import { acceptedSince } from './accepted-losses.ts';
import type { AgainstMeasure } from './against-measure.ts';
import { hiddenSince } from './hidden-since.ts';
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
  const sums = { before: 0, now: 0, hidden: { here: 0, somewhere: 0 } };
  for (const schema of schemas) {
    if (!('now' in schema)) continue;
    const { key } = schema.now;
    // Not every count tells of which type they are.
    const somewhere = hiddenSince(against, night, schema, 'objects', null);
    for (const type of schema.types) {
      if (!type.now) continue;
      const place = { ...kept, schemaId: schema.now.id, schemaKey: key, objectTypeId: type.before.id };
      const before = Math.min(
        type.before.stored,
        acceptedSince(acceptances, place, against.name)?.number ?? type.before.stored,
      );
      const { stored: now, name } = type.now;
      const here = hiddenSince(against, night, schema, 'objects', type.before.id);
      sums.before += before;
      sums.hidden.here += Math.max(0, Math.min(here, before - now));
      if (!reaches(before - now, before, ofTypes)) continue;
      const hidden = { here, somewhere };
      const message = `${key}: ${sentence(`${name} has`, { before, now, hidden }, type.before.stored > before, against.name)}`;
      suspicions.push({ ...place, before, now, threshold: ofTypes, message });
    }
    sums.now += schema.knownTypes.reduce((sum, { stored }) => sum + stored, 0);
    sums.hidden.somewhere += somewhere;
  }
  const { objectSchemaKeys } = night;
  const together = { ...kept, ...(objectSchemaKeys !== null && { objectSchemaKeys }) };
  const ofAll = { percent: settings.allPercent, atLeast: settings.atLeast };
  const accepted = acceptedSince(acceptances, together, against.name)?.number;
  const before = Math.min(sums.before, accepted ?? sums.before);
  if (reaches(before - sums.now, before, ofAll)) {
    const counts = { ...sums, before };
    const message = sentence('All schemas together have', counts, before < sums.before, against.name);
    suspicions.push({ ...together, before, now: sums.now, threshold: ofAll, message });
  }
  return suspicions;
}

interface Counts {
  readonly before: number;
  readonly now: number;
  readonly hidden: Readonly<Record<'here' | 'somewhere', number>>;
}

function sentence(what: string, { before, now, hidden }: Counts, isAccepted: boolean, against: string): string {
  const there = isAccepted
    ? `${readableCount(before)} had been accepted since ${against}`
    : `in ${against} it was ${readableCount(before)}`;
  return `${what} ${counted(now, 'object')}; ${there}${hiddenWords(before - now, hidden)}.`;
}

/** A right that was lost must not look as if somebody had deleted something, nor the other way round. */
function hiddenWords(fewer: number, { here, somewhere }: Counts['hidden']): string {
  const unseen = (number: number) => `the site counts ${readableCount(number)} more that this account does not see`;
  if (here >= fewer) return `; ${unseen(here)}: a right was lost or withheld, and nothing says that they were deleted`;
  if (here > 0) return `; ${unseen(here)}, and the others are not there any more`;
  return somewhere > 0 ? `; ${unseen(somewhere)}, and does not say of which type` : '';
}
