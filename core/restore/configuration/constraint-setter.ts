import { messageOf, NotFoundError, RequestRefusedError } from '../../errors.ts';
import { type AttributeId, idOf, type ObjectSchemaId, type ObjectTypeId } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { AssetsWriter } from '../../ports/assets-writer.ts';
import { isSystem } from '../../reading/stored-configuration.ts';
import type { PlannedAttribute, PlannedSchema, PlannedType } from '../configuration-plan.ts';
import type { ObjectStage } from '../objects/object-stage.ts';
import type { StepLosses } from '../step-losses.ts';
import { changedFields } from './attribute-fields.ts';
import { withoutRefusedFields } from './create-once.ts';
import { movesInto } from './put-in-order.ts';
import { type RestrictionInput, restrictionsOnTarget } from './wanted-attribute.ts';

interface SetterInput {
  readonly stage: ObjectStage;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
  readonly losses: StepLosses;
  readonly setsRestrictions: boolean;
  readonly mapped: ReadonlyMap<string, string | null>;
  readonly sameSite: boolean;
}

/** Finishes what was made: restrictions, order, who may refer to a schema. Everything here may be done twice. */
export class ConstraintSetter {
  readonly #input: SetterInput;
  readonly #restrictionInput: RestrictionInput;

  constructor(input: SetterInput) {
    this.#input = input;
    const { stage, mapped, sameSite } = input;
    const { map, known, configuration } = stage;
    const schemaKeys = new Map(
      configuration.schemas.flatMap(({ sourceKey, key }) => (sourceKey === key ? [] : [[sourceKey, key] as const])),
    );
    this.#restrictionInput = { map, known, mapped, schemaKeys, sameSite };
  }

  /** What is to be done, in pieces that each may be done by itself: types first, then what concerns a whole schema. */
  get pieces(): readonly (() => Promise<void>)[] {
    const { configuration, map } = this.#input.stage;
    const touched = new Set(configuration.attributes.filter(({ finish }) => finish).map(({ type }) => type));
    const types = configuration.types.filter(
      ({ source, finish }) => map.types[source] && (finish || touched.has(source)),
    );
    return [
      ...types.map((type) => () => this.#finishType(type)),
      ...configuration.schemas.map((schema) => () => this.#finishSchema(schema)),
    ];
  }

  async #finishSchema(schema: PlannedSchema): Promise<void> {
    const { stage, writer } = this.#input;
    const { configuration, map } = stage;
    const schemaId = map.schemas[schema.source] as ObjectSchemaId | undefined;
    if (schemaId === undefined) return;
    const types = configuration.types.filter((type) => type.schema === schema.source && map.types[type.source]);
    if (types.some(({ finish }) => finish)) await this.#orderTypes(schema, schemaId, types);
    const { properties } = schema;
    if (schema.finish && properties && !properties.allowOtherObjectSchema) {
      await writer.setObjectSchemaProperties(schemaId, properties);
    }
  }

  async #finishType(type: PlannedType): Promise<void> {
    const { stage, reader, setsRestrictions } = this.#input;
    const typeId = stage.map.types[type.source]?.target as ObjectTypeId;
    const records = new Map((await reader.attributes(typeId)).map((record) => [idOf(record) as string, record]));
    const attributes = stage.configuration.attributes.filter((attribute) => attribute.type === type.source);
    for (const attribute of attributes) {
      const record = records.get(stage.map.attributes[attribute.source] ?? '');
      if (attribute.finish && record && setsRestrictions) await this.#restrict(attribute, typeId, record);
    }
    if (type.finish) await this.#orderAttributes(type, typeId, attributes, [...records.values()]);
  }

  async #restrict(attribute: PlannedAttribute, typeId: ObjectTypeId, record: ApiRecord): Promise<void> {
    const wanted = restrictionsOnTarget(attribute, this.#restrictionInput, (reason) => this.#lose(attribute, reason));
    const fields = changedFields(wanted, record);
    if (Object.keys(fields).length === 0) return;
    const id = idOf<'object type attribute'>(record) as AttributeId;
    try {
      await withoutRefusedFields(
        fields,
        [],
        (left) => this.#input.writer.updateAttribute(typeId, id, left),
        (field) => this.#lose(attribute, `the target does not take its restriction "${field}"`),
      );
    } catch (error) {
      if (!(error instanceof RequestRefusedError)) throw error;
      this.#lose(attribute, `its restrictions were refused: ${messageOf(error)}`);
    }
  }

  /** The endpoint is undocumented; attributes were made in their order, so mostly nothing is to be moved. */
  async #orderAttributes(
    type: PlannedType,
    typeId: ObjectTypeId,
    attributes: readonly PlannedAttribute[],
    records: readonly ApiRecord[],
  ): Promise<void> {
    const { stage, writer } = this.#input;
    const inherited = new Set(
      stage.configuration.attributes
        .filter((other) => other.type !== type.source)
        .map(({ source }) => stage.map.attributes[source]),
    );
    const own = records
      .filter((record) => !inherited.has(idOf(record)))
      .toSorted((a, b) => Number(a.position ?? 0) - Number(b.position ?? 0));
    const wanted = attributes.flatMap(({ source, role, name }) =>
      role === 'system'
        ? own.filter((record) => isSystem(record) && record.name === name).map((record) => idOf(record) as string)
        : (stage.map.attributes[source] ?? []),
    );
    for (const { id, position } of movesInto(
      wanted,
      own.map((record) => idOf(record)),
    )) {
      const reason = await this.#moveAttribute(typeId, id as AttributeId, position, writer);
      if (reason === undefined) continue;
      const { source, where } = type;
      this.#input.losses.add({
        kind: 'object-type',
        source,
        where,
        values: 0,
        reason: `the order of its attributes: ${reason}`,
      });
      return;
    }
  }

  async #moveAttribute(
    typeId: ObjectTypeId,
    id: AttributeId,
    position: number,
    writer: AssetsWriter,
  ): Promise<string | undefined> {
    try {
      const answer = await writer.moveAttribute(typeId, id, position);
      return answer.offered ? undefined : answer.reason;
    } catch (error) {
      if (error instanceof RequestRefusedError || error instanceof NotFoundError) return messageOf(error);
      throw error;
    }
  }

  /** Of a schema that exists only the types that were made are put into their places. */
  async #orderTypes(schema: PlannedSchema, schemaId: ObjectSchemaId, types: readonly PlannedType[]): Promise<void> {
    const { stage, reader, writer } = this.#input;
    const { map } = stage;
    const records = await reader.objectTypes(schemaId);
    const made = new Set(types.filter(({ finish }) => finish).map(({ source }) => map.types[source]?.target));
    for (const [parent, siblings] of Map.groupBy(types, (type) => type.parent)) {
      const parentId = parent === null ? undefined : (map.types[parent]?.target as ObjectTypeId | undefined);
      const wanted = siblings.flatMap(({ source }) => map.types[source]?.target ?? []);
      const now = records
        .filter((record) => textOf(record.parentObjectTypeId) === parentId)
        .toSorted((a, b) => Number(a.position ?? 0) - Number(b.position ?? 0))
        .map((record) => idOf(record) as string);
      for (const { id, position } of movesInto(wanted, now)) {
        if (!schema.finish && !made.has(id)) continue;
        const place = { position, ...(parentId !== undefined && { toObjectTypeId: parentId }) };
        try {
          await writer.moveObjectType(id as ObjectTypeId, place);
        } catch (error) {
          if (!(error instanceof RequestRefusedError)) throw error;
          const { source, where } = siblings.find((type) => map.types[type.source]?.target === id) ?? schema;
          this.#input.losses.add({
            kind: 'object-type',
            source,
            where,
            values: 0,
            reason: `its place among its siblings: ${messageOf(error)}`,
          });
        }
      }
    }
  }

  #lose({ source, where }: PlannedAttribute, reason: string): void {
    this.#input.losses.add({ kind: 'attribute', source, where, values: 0, reason });
  }
}
