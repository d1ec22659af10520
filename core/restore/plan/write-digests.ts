import { hash } from 'node:crypto';
import { kind } from '../../reading/attribute-kinds.ts';
import type { StoredRecords } from '../../reading/stored-activity.ts';
import { iconsToSettle } from '../configuration/configuration-maker.ts';
import type { ConfigurationPlan, Planned } from '../plan-files.ts';
import type { PreparedAttribute } from '../values/prepare-object.ts';
import type { PlannedWrite } from './plan-writes.ts';

/** Of anything that JSON can say. */
const digestOf = (value: unknown) => hash('sha256', JSON.stringify(value).toWellFormed()).slice(0, 32);

/**
 * Digest of values that are sent, by source ids: to which thing of the target a reference leads is found out anew by each plan.
 * A value that is lost is no part of it.
 */
export function sentDigest(attributes: readonly PreparedAttribute[], ...more: readonly unknown[]): string {
  const entries = attributes.map(({ source, attribute, values }) => {
    const isOfSource = attribute.kind.type === kind.reference || attribute.kind.type === kind.status;
    const sent = values.flatMap(({ on, raw = '' }) =>
      typeof on === 'object' && 'value' in on ? [isOfSource ? raw : on.value] : [],
    );
    return [source, ...sent.toSorted()];
  });
  const filled = entries.filter(({ length }) => length > 1).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return digestOf([filled, ...more]);
}

/** Where the comments and the history of one object lie. */
export interface CommentFiles {
  readonly comments?: StoredRecords;
  readonly history?: StoredRecords;
  /** What lies in the same files has the same. */
  readonly place: number;
}

/** Comments and histories, by what stands in them, wherever it lies. */
export const commentsDigest = (files?: Partial<CommentFiles>) =>
  files === undefined ? digestOfNone : digestOf([files.comments?.sha256 ?? null, files.history?.sha256 ?? null]);

/** Most objects have none. */
const digestOfNone = digestOf([null, null]);

/**
 * What a plan writes to the configuration, what is finished at the end with what it belongs to. Each holds how that stands on
 * which it depends: nothing is made of which a part would be lacking that was to be there.
 */
export function configurationWrites(plan: ConfigurationPlan, setsRestrictions: boolean): PlannedWrite[] {
  const [types, icons] = [plan.types, plan.icons].map(bySource);
  const schemaOf = new Map(plan.types.map(({ source, schema }) => [source, schema]));
  const places = placesOf(plan);
  const [statuses, referenceTypes] = [plan.statusTypes, plan.referenceTypes].map(bySource);
  /** Whether something will be there. */
  const of = (known: ReadonlyMap<string, Planned> | undefined, source: string | null) =>
    isThere(known?.get(source ?? ''));
  const write = (kind: PlannedWrite['kind'], planned: Planned, ...sent: readonly unknown[]): PlannedWrite => {
    const { source, target, precondition, where } = planned;
    const made = { kind, source, where, digest: digestOf(sent), action: 'create', target: null } as const;
    const create = { ...made, precondition: `no such ${kind}` };
    return target === undefined ? create : { ...made, action: 'update', target, precondition, partOf: create };
  };
  const isCreate = ({ action }: Planned) => action === 'create';
  const named = [
    ...plan.statusTypes.filter(isCreate).map((status) => ['status-type', status, status.category] as const),
    ...plan.referenceTypes.filter(isCreate).map((type) => ['reference-type', type, type.color] as const),
  ];
  const described = ({
    name,
    displayName,
    description,
  }: {
    name: string;
    displayName?: string;
    description?: string;
  }) => [name, displayName ?? null, description ?? null];
  return [
    ...plan.schemas
      .filter((schema) => isCreate(schema) || schema.finish)
      .map((schema) => write('schema', schema, schema.key, described(schema), sorted(schema.properties))),
    ...named.map(([kind, planned, more]) =>
      write(kind, planned, described(planned), more ?? null, places.get(planned.schema ?? '') ?? null),
    ),
    ...iconsToSettle(plan)
      .filter(isCreate)
      .map((icon) => write('icon', icon, icon.name, icon.imageSha256)),
    ...plan.types
      .filter((type) => isCreate(type) || type.finish)
      .map((type) => {
        const { schema, parent, icon, inherited, abstractObjectType, attributeOrder } = type;
        const needs = [places.get(schema), parent, of(types, parent), icon, of(icons, icon)];
        return write('object-type', type, described(type), needs, inherited, abstractObjectType, attributeOrder);
      }),
    ...plan.attributes
      .filter(({ finish }) => finish)
      .map((attribute) => {
        const { name, kind: itsKind, type, reference, restrictions } = attribute;
        // Before the objects a select also has the options that they use: what it is to have stands in its restrictions.
        const { options: _, ...fields } = attribute.fields;
        const refersTo = reference && [
          reference.type,
          of(types, reference.type) || reference.type in plan.outside.types,
          of(referenceTypes, reference.referenceType),
        ];
        const restricted = setsRestrictions
          ? [sorted(restrictions), restrictions.statuses.map((status) => of(statuses, status))]
          : null;
        return write(
          'attribute',
          attribute,
          name,
          itsKind,
          [type, of(types, type), places.get(schemaOf.get(type) ?? '')],
          [sorted(fields), restrictions.options],
          refersTo,
          restricted,
        );
      }),
  ];
}

const relaxedSource = 'relaxed ';

/** What is taken off attributes that are there, and put back at the end. */
export function relaxationWrites({ relaxed }: ConfigurationPlan): PlannedWrite[] {
  return relaxed.map(({ id, where, before, meanwhile }) => ({
    ...{ kind: 'attribute', source: `${relaxedSource}${id}`, action: 'update', target: id, where },
    ...{ precondition: digestOf(sorted(before)), digest: digestOf(sorted(meanwhile)) },
  }));
}

/** It is no end in itself: what nothing needs relaxed any more, be it that a stopped run has made it, is not left undone. */
export const isOfRelaxation = ({ source }: Pick<PlannedWrite, 'source'>) => source.startsWith(relaxedSource);

/**
 * Where the things of a schema are written, by its source id: one plan is not another that would write the same elsewhere.
 */
export function placesOf({ schemas }: ConfigurationPlan): ReadonlyMap<string, string> {
  return new Map(schemas.map(({ source, key, isInPlace }) => [source, isInPlace ? 'in place' : `as ${key}`]));
}

const isThere = (planned: Planned | undefined) =>
  planned !== undefined && planned.action !== 'skip' && planned.action !== 'conflict';

const bySource = (list: readonly Planned[]): ReadonlyMap<string, Planned> =>
  new Map(list.map((planned) => [planned.source, planned]));

const sorted = (record: object) => Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
