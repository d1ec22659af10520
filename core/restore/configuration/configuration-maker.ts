import { imageKindOf } from '../../backup-format/image-kind.ts';
import { RequestRefusedError, TargetRefusedError } from '../../errors.ts';
import { type IconId, idOf, type ObjectSchemaId, type ObjectTypeId } from '../../model/ids.ts';
import { type ApiRecord, type JsonRecord, textOf } from '../../model/json.ts';
import type { ItemKind } from '../../model/restore.ts';
import type { NewObjectSchema, NewObjectType, NewReferenceType, NewStatusType } from '../../ports/assets-writer.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import { sideBySide } from '../../side-by-side.ts';
import type {
  ConfigurationPlan,
  Planned,
  PlannedIcon,
  PlannedReferenceType,
  PlannedSchema,
  PlannedStatusType,
  PlannedType,
} from '../plan-files.ts';
import { AttributeMaker, type AttributeMakerInput } from './attribute-maker.ts';
import { createOnce } from './create-once.ts';
import { namedId } from './plan-named.ts';

interface MakerInput extends AttributeMakerInput {
  readonly source: BackupSource;
}

const schemasAtOnce = 8;

/** Whether an attribute of another schema refers to a type of this one. */
function isReferredTo({ types, attributes }: ConfigurationPlan, schema: string): boolean {
  const schemaOf = new Map(types.map((type) => [type.source, type.schema]));
  return attributes.some(
    ({ type, reference }) =>
      reference !== undefined && schemaOf.get(reference.type) === schema && schemaOf.get(type) !== schema,
  );
}

/** The upload is known to take PNG (reference, section 1.3); what becomes of another image nobody says. */
const notPng = 'its image is no PNG, and nothing else can be uploaded';

/** An icon is uploaded only for a type that is made. */
export function iconsToSettle({ types, icons }: ConfigurationPlan): readonly PlannedIcon[] {
  const needed = new Set(types.filter(({ action }) => action === 'create').map(({ icon }) => icon));
  return icons.filter(({ action, source }) => action !== 'create' || needed.has(source));
}

/** Makes what the plan names, in its order, and notes in the map which thing of the target each thing is. */
export class ConfigurationMaker {
  readonly #input: MakerInput;

  constructor(input: MakerInput) {
    this.#input = input;
  }

  /** False where time ran short: what is in the map is not done again. */
  async run(): Promise<boolean> {
    const { plan, map, deadline } = this.#input;
    for (const schema of plan.schemas) {
      await this.#once('schemas', schema, () => this.#makeSchema(schema));
      await this.#openSchema(schema);
    }
    for (const status of plan.statusTypes) await this.#once('statusTypes', status, () => this.#makeStatus(status));
    for (const type of plan.referenceTypes) {
      await this.#once('referenceTypes', type, () => this.#makeReferenceType(type));
    }
    for (const icon of iconsToSettle(plan)) await this.#once('icons', icon, () => this.#makeIcon(icon));
    let isDone = true;
    // Siblings one after the other, so that they stand in their order.
    await sideBySide(plan.schemas, schemasAtOnce, async ({ source }) => {
      for (const type of plan.types.filter(({ schema }) => schema === source)) {
        const settled = `type ${type.source}`;
        if (map.settled[settled]) continue;
        if (!deadline.mayBegin()) {
          isDone = false;
          continue;
        }
        await this.#makeType(type);
        map.settled[settled] = true;
        if (type.action === 'create') await this.#input.note();
      }
    });
    return isDone && new AttributeMaker(this.#input).run();
  }

  /** What exists is noted; what is to be made is made, unless it was made by an earlier invocation. */
  async #once(
    list: 'schemas' | 'statusTypes' | 'referenceTypes' | 'icons',
    { source, action, target }: Planned,
    make: () => Promise<string | undefined>,
  ): Promise<void> {
    const { map, services } = this.#input;
    const settled = `${list} ${source}`;
    if (map.settled[settled]) return;
    const id = action === 'create' ? await make() : action === 'skip' ? undefined : target;
    if (id !== undefined) map[list][source] = id;
    map.settled[settled] = true;
    if (action === 'create') await this.#input.note();
    services.reporter.advanced('configuration', 1);
  }

  async #makeSchema(schema: PlannedSchema): Promise<string> {
    const { reader, writer, services, isContinued } = this.#input;
    const { key, name, displayName, description } = schema;
    try {
      const fields: NewObjectSchema = {
        name,
        objectSchemaKey: key,
        ...(displayName !== undefined && { displayName }),
        ...(description !== undefined && { description }),
      };
      const find = async () => (await reader.objectSchemas()).find(({ objectSchemaKey }) => objectSchemaKey === key);
      const record = await this.#make('schema', schema, fields, ['name', 'objectSchemaKey'], (left) =>
        createOnce(services, { mayBeThere: isContinued, find, create: () => writer.createObjectSchema(left) }),
      );
      return idOf(record);
    } catch (error) {
      if (!(error instanceof RequestRefusedError)) throw error;
      const isTaken = error.refusals.some((refusal) => refusal.kind === 'name-taken');
      const fields = error.refusals.map(({ field }) => field).join(' and ') || 'it';
      const why = isTaken ? 'its name or key is taken there' : `the target does not accept ${fields}`;
      throw new TargetRefusedError(
        `The schema ${key} could not be made: ${why}. Choose another key or name (--schema '${schema.sourceKey}=NEWKEY:New name').`,
        { cause: error },
      );
    }
  }

  /** Until all references are written, other schemas may refer to it, whatever the source says; that comes at the end. */
  async #openSchema({ source, finish, properties }: PlannedSchema): Promise<void> {
    const { map, writer, plan } = this.#input;
    const id = map.schemas[source];
    if (!finish || id === undefined) return;
    // Where the backup does not tell it, a reference from another schema shows that this was allowed.
    const opens = properties.allowOtherObjectSchema !== undefined || isReferredTo(plan, source);
    const now = { ...properties, ...(opens && { allowOtherObjectSchema: true }) };
    if (Object.keys(now).length > 0) await writer.setObjectSchemaProperties(id as ObjectSchemaId, now);
  }

  #makeStatus(status: PlannedStatusType): Promise<string | undefined> {
    const { reader, writer, map } = this.#input;
    const { name, category, displayName, description } = status;
    const schema = this.#schemaOf(status);
    if (schema === null) return Promise.resolve(undefined);
    const fields: NewStatusType = {
      name,
      category,
      ...(displayName !== undefined && { displayName }),
      ...(description !== undefined && { description }),
      ...(schema !== undefined && { objectSchemaId: schema }),
    };
    return this.#makeNamed('status-type', status, new Set(Object.values(map.statusTypes)), {
      fields,
      needed: ['name', 'category', 'objectSchemaId'],
      list: () => (schema === undefined ? reader.globalStatusTypes() : reader.statusTypes(schema)),
      create: (left) => writer.createStatusType(left),
    });
  }

  #makeReferenceType(type: PlannedReferenceType): Promise<string | undefined> {
    const { reader, writer, map } = this.#input;
    const { name, color, displayName, description } = type;
    const schema = this.#schemaOf(type);
    if (schema === null) return Promise.resolve(undefined);
    const fields: NewReferenceType = {
      name,
      ...(color !== undefined && { color }),
      ...(displayName !== undefined && { displayName }),
      ...(description !== undefined && { description }),
      ...(schema !== undefined && { objectSchemaId: schema }),
    };
    return this.#makeNamed('reference-type', type, new Set(Object.values(map.referenceTypes)), {
      fields,
      needed: ['name', 'objectSchemaId'],
      list: () => (schema === undefined ? reader.globalReferenceTypes() : reader.referenceTypes(schema)),
      create: (left) => writer.createReferenceType(left),
    });
  }

  /** One that the target refuses is a loss, and so are the values that name it. */
  async #makeNamed<Fields extends { readonly name: string; readonly displayName?: string }>(
    kind: ItemKind,
    planned: Planned & { readonly name: string },
    used: ReadonlySet<string>,
    {
      fields,
      needed,
      list,
      create,
    }: {
      readonly fields: Fields;
      readonly needed: readonly string[];
      list: () => Promise<JsonRecord[]>;
      create: (fields: Fields) => Promise<JsonRecord>;
    },
  ): Promise<string | undefined> {
    const { services, isContinued } = this.#input;
    const find = async () =>
      (await list()).find((record) => record.name === planned.name && !used.has(namedId(record)));
    try {
      const made = await this.#make(kind, planned, fields, needed, (left) =>
        createOnce(services, { find, create: () => create(left), mayBeThere: isContinued }),
      );
      return namedId(made);
    } catch (error) {
      this.#lose(kind, planned, error);
      return undefined;
    }
  }

  /** Undefined for a global one; null where its schema is not made. */
  #schemaOf({ schema }: { readonly schema: string | null }): ObjectSchemaId | null | undefined {
    if (schema === null) return undefined;
    return (this.#input.map.schemas[schema] as ObjectSchemaId | undefined) ?? null;
  }

  /** Uploading is undocumented: where the site does not offer it, the type gets the target's first icon, and that is a loss. */
  async #makeIcon(icon: PlannedIcon): Promise<string | undefined> {
    const { reader, writer, services, source, target, map, isContinued } = this.#input;
    const used = new Set(Object.values(map.icons));
    const file = icon.image === null ? undefined : source.file(icon.image);
    const image = file && (await source.bytes(file));
    let reason = image ? notPng : 'the backup holds no image of it';
    if (image && imageKindOf(image) === 'png') {
      try {
        const made = await createOnce<ApiRecord | string>(services, {
          mayBeThere: isContinued,
          find: async () =>
            (await reader.globalIcons()).find((there) => there.name === icon.name && !used.has(idOf(there))),
          create: async () => {
            const answer = await writer.uploadIcon(icon.name, image);
            return answer.offered ? answer.value : answer.reason;
          },
        });
        if (typeof made !== 'string') return idOf(made);
        reason = `the target takes no images: ${made}`;
      } catch (error) {
        if (!(error instanceof RequestRefusedError)) throw error;
        reason = error.saying([]);
      }
    }
    const [fallback] = target.icons;
    const name = textOf(fallback?.name) ?? 'none';
    const { where } = icon;
    this.#input.losses.add({
      kind: 'icon',
      source: icon.source,
      where,
      values: 1,
      reason: `${reason.replace(/\.$/, '')}; its types get the icon ${name}`,
    });
    return fallback && idOf(fallback);
  }

  async #makeType(type: PlannedType): Promise<void> {
    const { map, services, reader, writer, isContinued, target } = this.#input;
    services.reporter.advanced('configuration', 1);
    const schema = map.schemas[type.schema];
    const parent = type.parent === null ? undefined : map.types[type.parent];
    if (schema === undefined || type.action === 'skip' || type.action === 'conflict') return;
    if (type.target !== undefined) {
      map.types[type.source] = { target: type.target, schema };
      return;
    }
    if (type.parent !== null && !parent) return this.#lose('object-type', type, 'its parent could not be made');
    const [first] = target.icons;
    const icon = (type.icon === null ? undefined : map.icons[type.icon]) ?? (first && idOf(first));
    if (icon === undefined) return this.#lose('object-type', type, 'the target has no icon, and a type needs one');
    const { name, displayName, description, inherited, abstractObjectType } = type;
    try {
      const fields: NewObjectType = {
        name,
        objectSchemaId: schema as ObjectSchemaId,
        iconId: icon as IconId,
        inherited,
        abstractObjectType,
        ...(displayName !== undefined && { displayName }),
        ...(description !== undefined && { description }),
        ...(parent && { parentObjectTypeId: parent.target as ObjectTypeId }),
      };
      const find = async () =>
        (await reader.objectTypes(schema as ObjectSchemaId)).find(
          (there) => there.name === name && textOf(there.parentObjectTypeId) === parent?.target,
        );
      const needed = Object.keys(fields).filter((field) => field !== 'displayName' && field !== 'description');
      const record = await this.#make('object-type', type, fields, needed, (left) =>
        createOnce(services, { mayBeThere: isContinued, find, create: () => writer.createObjectType(left) }),
      );
      map.types[type.source] = { target: idOf(record), schema };
    } catch (error) {
      this.#lose('object-type', type, error);
    }
  }

  /** A field that the target does not take costs that field. */
  #make<Fields extends { readonly name: string; readonly displayName?: string }, T>(
    kind: ItemKind,
    { source, where }: Planned,
    fields: Fields,
    needed: readonly string[],
    send: (fields: Fields) => Promise<T>,
  ): Promise<T> {
    return this.#input.fields.make(fields, needed, send, (reason) =>
      this.#input.losses.add({ kind, source, where, values: 0, reason }),
    );
  }

  /** What the target refuses is a loss; any other error ends the run. */
  #lose(kind: ItemKind, { source, where }: Planned, cause: unknown): void {
    if (typeof cause !== 'string' && !(cause instanceof RequestRefusedError)) throw cause;
    // What is sent holds no object's value, and nothing holds objects yet.
    const reason = typeof cause === 'string' ? cause : cause.saying([]);
    this.#input.losses.add({ kind, source, where, values: 0, reason });
  }
}
