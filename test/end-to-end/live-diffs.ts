import type { DiffFilters, DiffLine } from '../../core/diff/diff-lines.ts';
import type { LiveDiff } from '../../core/diff/site-diff.ts';
import { needLines } from '../../core/work-store/json-file.ts';
import { diffWithSiteLocally, type LocalDiffOptions } from '../../local/local-diff.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { Attribute } from '../../simulator/site/records.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { backUp, RecordingReporter, settingsFor, testClock } from './local-run.ts';

export interface FoundDiff extends LiveDiff {
  readonly lines: readonly DiffLine[];
  readonly reporter: RecordingReporter;
  /** In how many invocations. */
  readonly invocations: number;
}

/** A site with a backup of it, to be compared with what the site has become. */
export async function backedUp(simulator: Simulator, options: Parameters<typeof backUp>[1] = { activity: false }) {
  const { directory, result, error } = await backUp(simulator, options);
  if (!result) throw error ?? new Error('no backup');
  const { backup } = result;
  let number = 0;
  return {
    directory,
    backup,
    async diffLive(filters: DiffFilters = {}, others: Partial<LocalDiffOptions> = {}): Promise<FoundDiff> {
      number += 1;
      const diff = `diff-${number}`;
      const reporter = new RecordingReporter();
      const { summary, files } = await diffWithSiteLocally({
        ...{ directory, settings: settingsFor(simulator), reporter, clock: testClock, diff, backup, filters },
        requestTimeoutMilliseconds: 5_000,
        ...others,
      });
      const { work } = openLocalStores(directory);
      const lines: DiffLine[] = [];
      for (const file of files) lines.push(...(await needLines<DiffLine>(work, file)));
      const left = await Array.fromAsync(work.list(`diffs/${diff}/progress/`));
      return { summary, files, lines, reporter, invocations: left.length };
    },
  };
}

/** What a site holds, as its own records have it. */
interface Known {
  readonly schemas: ReadonlyMap<number, string>;
  readonly types: ReadonlyMap<number, string>;
  readonly attributes: ReadonlyMap<number, { readonly name: string; readonly typeId: number }>;
  readonly objects: ReadonlyMap<number, KnownObject>;
}

interface KnownObject {
  readonly typeId: number;
  readonly schemaId: number;
  /** Attributes of its type with the values that are shown. */
  readonly attributes: readonly { readonly id: number; readonly name: string; readonly values: string }[];
}

export function knownOf(site: SimulatedSite): Known {
  const shown = (attribute: Attribute, texts: readonly string[]) =>
    texts.filter((text) => attribute.kind !== 'reference' || site.objects.get(Number(text)) !== undefined);
  const objects = [...site.objects.all()].map((object): [number, KnownObject] => {
    const type = site.type(object.typeId);
    const attributes = site
      .typeAttributes(type.id)
      .filter(({ role }) => role === undefined || role === 'name')
      .map((attribute) => {
        const values = shown(attribute, object.values.get(attribute.id) ?? [])
          .toSorted()
          .join('\n');
        return { id: attribute.id, name: attribute.name, values };
      });
    return [object.id, { typeId: type.id, schemaId: type.schemaId, attributes }];
  });
  return {
    schemas: new Map([...site.schemas.values()].map(({ id, key, name }) => [id, `${key} ${name}`])),
    types: new Map([...site.types.values()].map(({ id, name, parentId }) => [id, `${name} ${parentId}`])),
    attributes: new Map([...site.attributes.values()].map(({ id, name, typeId }) => [id, { name, typeId }])),
    objects: new Map(objects),
  };
}

/** Every change between two states of a site, each as one text: what a diff has to tell, and nothing else. */
export function changesBetween(before: Known, after: Known): string[] {
  const changes: string[] = [];
  for (const things of ['schemas', 'types'] as const) {
    for (const [id, is] of after[things]) {
      const was = before[things].get(id);
      if (was !== is) changes.push(`${things} ${id} ${was === undefined ? 'added' : 'changed'}`);
    }
    for (const id of before[things].keys()) if (!after[things].has(id)) changes.push(`${things} ${id} removed`);
  }
  for (const [id, { name }] of after.attributes) {
    const was = before.attributes.get(id);
    if (was && was.name !== name) changes.push(`attributes ${id} changed`);
  }
  for (const [id, object] of after.objects) {
    const was = before.objects.get(id);
    if (!was) changes.push(`object ${id} added`);
    else changes.push(...changesOf(id, was, object));
  }
  for (const id of before.objects.keys()) if (!after.objects.has(id)) changes.push(`object ${id} removed`);
  return changes.toSorted();
}

/** Of an object that has become another type's an attribute is also the one of the same name there. */
function changesOf(id: number, before: KnownObject, after: KnownObject): string[] {
  const left = new Map(before.attributes.map((attribute) => [attribute.id, attribute]));
  const names: string[] = [];
  const [same, others] = [
    after.attributes.filter((attribute) => left.has(attribute.id)),
    after.attributes.filter((attribute) => !left.has(attribute.id)),
  ];
  for (const { id: attribute, name, values } of same) {
    if (left.get(attribute)?.values !== values) names.push(name);
    left.delete(attribute);
  }
  for (const { name, values } of others) {
    const namesake = [...left.values()].find((attribute) => attribute.name === name);
    if ((namesake?.values ?? '') !== values) names.push(name);
    if (namesake) left.delete(namesake.id);
  }
  for (const { name, values } of left.values()) if (values !== '') names.push(name);
  const isMoved = before.typeId !== after.typeId;
  if (names.length === 0 && !isMoved) return [];
  return [`object ${id} changed${isMoved ? ' moved' : ''}: ${names.toSorted().join(', ')}`];
}

/** The lines of a diff in the same words. */
export function changesTold(lines: readonly DiffLine[]): string[] {
  const kinds: Readonly<Record<string, string>> = {
    schema: 'schemas',
    'object-type': 'types',
    attribute: 'attributes',
  };
  return lines
    .map((line) => {
      if (line.kind !== 'object') return `${kinds[line.kind] ?? line.kind} ${line.id} ${line.change}`;
      if (line.change !== 'changed') return `object ${line.id} ${line.change}`;
      const names = line.attributes.map(({ name }) => name).toSorted();
      return `object ${line.id} changed${line.from?.type === undefined ? '' : ' moved'}: ${names.join(', ')}`;
    })
    .toSorted();
}
