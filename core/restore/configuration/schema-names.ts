import { idOf } from '../../model/ids.ts';
import { textOf } from '../../model/json.ts';
import type { SchemaNames } from '../plan-files.ts';
import type { ConfigurationPlanInput, SchemaPair } from './planning.ts';

/**
 * What the schemas of the backup are called on the target, where it is otherwise: by key, or by a name that is no other one's
 * key. On the same site also those that are not restored, since each is found by its id.
 */
export function schemaNames(
  { source, target }: Pick<ConfigurationPlanInput, 'source' | 'target'>,
  { pairs, sameSite }: { pairs: readonly SchemaPair[]; sameSite: boolean },
): SchemaNames {
  const there = new Map(target.schemas.map((record) => [idOf(record) as string, record]));
  const listed = source.listed.flatMap((record) => {
    const now = sameSite ? there.get(idOf(record)) : undefined;
    const [key, name] = [textOf(record.objectSchemaKey) ?? '', textOf(record.name) ?? ''];
    return now ? [{ key, name, toKey: textOf(now.objectSchemaKey) ?? key, toName: textOf(now.name) ?? name }] : [];
  });
  const restored = pairs
    .filter(({ planned }) => planned.action !== 'skip')
    .map(({ source: { key, name }, planned }) => ({ key, name, toKey: planned.key, toName: planned.name }));
  const all = [...listed, ...restored];
  return {
    inFilters: changed([
      ...all.map(({ name, toName }) => [name, toName] as const),
      ...all.map(({ key, toKey }) => [key, toKey] as const),
    ]),
    ofObjectKeys: changed(listed.map(({ key, toKey }) => [key, toKey])),
  };
}

/** The last one counts where there are two; and a filter names a schema in any case. */
function changed(pairs: readonly (readonly [from: string, to: string])[]): readonly (readonly [string, string])[] {
  const byName = new Map(pairs.map(([from, to]) => [from.toLowerCase(), [from, to] as const]));
  return [...byName].flatMap(([name, [from, to]]) => (from === to ? [] : [[name, to] as const]));
}
