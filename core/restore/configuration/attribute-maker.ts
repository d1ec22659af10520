import { messageOf, RequestRefusedError } from '../../errors.ts';
import { type AttributeId, idOf, type ObjectTypeId } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { AssetsWriter, NewAttribute } from '../../ports/assets-writer.ts';
import type { Services } from '../../ports/services.ts';
import type { LiveConfiguration } from '../../reading/live-configuration.ts';
import { automaticName } from '../../reading/stored-configuration.ts';
import type { Deadline } from '../../runs/deadline.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { ConfigurationMap } from '../configuration-map.ts';
import type { ConfigurationPlan, PlannedAttribute, PlannedType } from '../plan-files.ts';
import type { StepLosses } from '../step-losses.ts';
import { changedFields } from './attribute-fields.ts';
import { byDepth } from './by-depth.ts';
import { createOnce, type FieldsToMake } from './create-once.ts';

export interface AttributeMakerInput {
  readonly services: Services;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
  readonly plan: ConfigurationPlan;
  /** The target as it was when this invocation began. */
  readonly target: LiveConfiguration;
  readonly map: ConfigurationMap;
  readonly losses: StepLosses;
  /** Whether an earlier invocation may have made something of it. */
  readonly isContinued: boolean;
  /** To be called whenever something was made: what nobody has noted nobody can tell from what people make. */
  note(): Promise<void>;
  readonly deadline: Deadline;
  readonly fields: FieldsToMake;
}

const typesAtOnce = 16;

/** Makes the attributes of the plan's types, each type's in their order, and adapts the Name that comes with a new type. */
export class AttributeMaker {
  readonly #input: AttributeMakerInput;

  constructor(input: AttributeMakerInput) {
    this.#input = input;
  }

  /** False where time ran short. */
  async run(): Promise<boolean> {
    const { plan, map, deadline } = this.#input;
    const ofType = Map.groupBy(plan.attributes, ({ type }) => type);
    let isDone = true;
    for (const types of byDepth(plan.types)) {
      await sideBySide(types, typesAtOnce, async (type) => {
        const settled = `attributes of ${type.source}`;
        const attributes = ofType.get(type.source) ?? [];
        if (map.settled[settled] || attributes.length === 0) return;
        if (!deadline.mayBegin()) isDone = false;
        else {
          await this.#makeOfType(type, attributes);
          map.settled[settled] = true;
        }
      });
    }
    return isDone;
  }

  async #makeOfType(type: PlannedType, attributes: readonly PlannedAttribute[]): Promise<void> {
    const { map, reader, services, isContinued } = this.#input;
    services.reporter.advanced('configuration', attributes.length);
    const mapped = map.types[type.source];
    // The plan has named it.
    if (type.action === 'conflict' || type.action === 'skip') return;
    if (!mapped) {
      for (const attribute of attributes) this.#lose(attribute, 'its object type could not be made');
      return;
    }
    const isNew = type.action === 'create';
    const mayBeThere = isContinued || type.finish;
    const there = isNew || mayBeThere ? await reader.attributes(mapped.target as ObjectTypeId) : [];
    const nameId = automaticName(there);
    for (const attribute of attributes) {
      const { source, role, action, target } = attribute;
      if (role === 'system' || action === 'skip' || action === 'conflict') continue;
      if (role === 'name' && (isNew || attribute.finish)) {
        const id = target ?? nameId;
        if (id !== undefined) {
          map.attributes[source] = id;
          await this.#adapt(
            attribute,
            mapped.target as ObjectTypeId,
            there.find((record) => idOf(record) === id),
          );
        } else this.#lose(attribute, 'the new type has no Name to adapt');
      } else if (target !== undefined) map.attributes[source] = target;
      else await this.#make(attribute, mapped.target as ObjectTypeId, isContinued ? there : []);
    }
  }

  async #make(attribute: PlannedAttribute, typeId: ObjectTypeId, there: readonly ApiRecord[]): Promise<void> {
    const { services, reader, writer, map } = this.#input;
    const { name, kind, fields, source } = attribute;
    const reference = attribute.reference && this.#referenceFields(attribute, attribute.reference);
    if (!kind || (attribute.reference && !reference)) return;
    const body: NewAttribute = { ...fields, name, ...kind, ...reference };
    const find = (records: readonly ApiRecord[]) => records.find((record) => record.name === name);
    try {
      const record = await this.#input.fields.make(
        body,
        ['name', 'type', 'defaultTypeId', 'typeValue'],
        (left) =>
          createOnce(services, {
            mayBeThere: there.length > 0,
            find: async () => find(await reader.attributes(typeId)),
            create: () => writer.createAttribute(typeId, left),
          }),
        (reason) => this.#lose(attribute, reason),
      );
      map.attributes[source] = idOf(record);
      await this.#input.note();
    } catch (error) {
      if (!(error instanceof RequestRefusedError)) throw error;
      this.#lose(attribute, error.saying([]));
    }
  }

  async #adapt(attribute: PlannedAttribute, typeId: ObjectTypeId, there: ApiRecord | undefined): Promise<void> {
    const { name, fields } = attribute;
    if (!there) return;
    // The label is only ever given: by making another attribute the label it moves away from here.
    const changed = changedFields({ name, ...fields }, there);
    if (Object.keys(changed).length === 0) return;
    try {
      await this.#input.fields.make(
        changed,
        [],
        (left) => this.#input.writer.updateAttribute(typeId, idOf<'object type attribute'>(there) as AttributeId, left),
        (reason) => this.#lose(attribute, reason),
      );
    } catch (error) {
      if (!(error instanceof RequestRefusedError)) throw error;
      this.#lose(attribute, messageOf(error));
    }
  }

  #referenceFields(attribute: PlannedAttribute, reference: { type: string; referenceType: string | null }) {
    const { map, plan, target } = this.#input;
    // The plan has seen to it that a type outside this restore is there.
    const typeValue = map.types[reference.type]?.target ?? plan.outside.types[reference.type];
    if (typeValue === undefined) {
      this.#lose(attribute, 'the object type that it refers to could not be made');
      return undefined;
    }
    const mapped = reference.referenceType === null ? undefined : map.referenceTypes[reference.referenceType];
    if (mapped !== undefined) return { typeValue, additionalValue: mapped };
    const [fallback] = target.globalReferenceTypes;
    const id = textOf(fallback?.id);
    if (id === undefined) {
      this.#lose(attribute, 'the target has no reference type, and a reference needs one');
      return undefined;
    }
    this.#lose(
      attribute,
      `its reference type is not in the backup, so it gets the target's ${textOf(fallback?.name) ?? id}`,
    );
    return { typeValue, additionalValue: id };
  }

  #lose({ source, where }: PlannedAttribute, reason: string): void {
    this.#input.losses.add({ kind: 'attribute', source, where, values: 0, reason });
  }
}
