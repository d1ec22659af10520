import { type Measure, type MeasuredCounts, measures, type Suspicion } from '../../model/loss-alarm.ts';
import type { Notice } from '../../model/outcome.ts';
import type { Absence } from './absent-schemas.ts';
import { isSamePlace } from './accepted-losses.ts';
import type { AgainstMeasure, NightToJudge } from './against-measure.ts';
import { comparedSchemas } from './compared-schemas.ts';
import { fewerObjects } from './fewer-objects.ts';
import { goneAttributes } from './gone-attributes.ts';
import { goneThings } from './gone-things.ts';
import { manyEdited } from './many-edited.ts';

export interface Losses {
  readonly measured: readonly MeasuredCounts[];
  readonly suspicions: readonly Suspicion[];
  readonly notices: readonly Notice[];
}

/**
 * What is suspicious about a night: what there is less of, or what is other, than in the measures. A function of what is known and
 * nothing else. Each place is told once, against the newest measure that tells it; what a person has accepted since a measure is not
 * told against it.
 */
export function judgeLosses(toJudge: NightToJudge): Losses {
  const held = measures.flatMap((measure): AgainstMeasure[] => {
    const against = toJudge.measures.get(measure);
    return against ? [{ ...toJudge, measure, against, schemas: comparedSchemas(against, toJudge.night) }] : [];
  });
  const suspicions: Suspicion[] = [];
  for (const one of held) {
    const told = [
      ...goneThings(one),
      ...fewerObjects(one),
      ...(one.measure === 'last' ? [...goneAttributes(one), ...manyEdited(one)] : []),
    ];
    suspicions.push(...told.filter((suspicion) => !suspicions.some((other) => isSamePlace(suspicion, other))));
  }
  return {
    measured: measures.map((measure) =>
      measuredCounts(
        measure,
        held.find((one) => one.measure === measure),
      ),
    ),
    suspicions,
    notices: held.filter(({ measure }) => measure === 'last').flatMap(rekeyed),
  };
}

function measuredCounts(measure: Measure, held: AgainstMeasure | undefined): MeasuredCounts {
  const sums = { before: 0, now: 0 };
  for (const schema of held?.schemas ?? []) {
    const isThere = 'now' in schema;
    if (!isThere && isUnknown(schema.absence)) continue;
    for (const { stored } of isThere ? schema.types.map(({ before }) => before) : schema.before.objectTypes)
      sums.before += stored;
    for (const { stored } of isThere ? schema.knownTypes : []) sums.now += stored;
  }
  return { measure, against: held?.against.name ?? null, ...sums };
}

const isUnknown = ({ state }: Absence) => state === 'unknown' || state === 'unlisted';

function rekeyed({ schemas, against }: AgainstMeasure): Notice[] {
  return schemas.flatMap((schema): Notice[] => {
    if (!('now' in schema) || schema.now.key === schema.before.key) return [];
    const { key, name } = schema.now;
    const message = `The schema ${name} has the key ${key} by now; in ${against.name} it had ${schema.before.key}. It is the same schema, and nothing of it counts as gone for that.`;
    return [{ kind: 'schema-rekeyed', message, schemaKey: key }];
  });
}
