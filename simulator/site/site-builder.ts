import type {
  AttributeInput,
  CommentInput,
  HistoryInput,
  ObjectInput,
  ReferenceTypeInput,
  SchemaInput,
  StatusTypeInput,
  TypeInput,
  ValuesInput,
} from './builder-inputs.ts';
import { storedValue } from './builder-inputs.ts';
import { type JsonObject, parseRawJson } from './raw-json.ts';
import type {
  Attribute,
  AutomaticRole,
  Comment,
  Group,
  HistoryEntry,
  Icon,
  ObjectType,
  Project,
  ReferenceType,
  Schema,
  StatusType,
  StoredObject,
  StoredValues,
  User,
} from './records.ts';
import { type SiteOptions, SiteState } from './site-state.ts';
import { uuidFrom } from './uuid.ts';

/** Builds a pretend site: its `add…` methods check nothing, so that a test can have states that writes would refuse. */
export class SiteBuilder extends SiteState {
  /** Who acts when nobody else is named. */
  readonly owner: User;

  constructor(options: SiteOptions = {}) {
    super(options);
    this.owner = this.addUser({ displayName: 'John Smith' });
  }

  addUser(user: Partial<User> = {}): User {
    const number = this.users.size + 1;
    const displayName = user.displayName ?? `User ${number}`;
    const added: User = {
      accountId: user.accountId ?? `6g2c42d1f6fgd2112c${String(number).padStart(6, '0')}`,
      displayName,
      emailAddress: user.emailAddress ?? `${displayName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@example.com`,
      active: user.active ?? true,
    };
    this.users.set(added.accountId, added);
    this.configurationChanged();
    return added;
  }

  addGroup(name: string): Group {
    const group = { name, groupId: uuidFrom(0x9, this.groups.size + 1) };
    this.groups.set(name, group);
    return group;
  }

  addProject(key: string, name = key): Project {
    const project = { id: 10_000 + this.projects.size, key, name };
    this.projects.set(key, project);
    return project;
  }

  addIcon(name: string, image?: Buffer): Icon {
    const icon = { id: this.nextId('icon'), name, custom: image !== undefined };
    this.icons.set(icon.id, icon);
    if (image) this.iconImages.set(icon.id, image);
    this.configurationChanged();
    return icon;
  }

  addSchema(input: SchemaInput): Schema {
    const name = input.name ?? input.key;
    const createdMs = this.now();
    const schema: Schema = {
      id: this.nextId('schema'),
      key: input.key,
      name,
      displayName: input.displayName ?? name,
      description: input.description,
      canManage: input.canManage ?? true,
      createdMs,
      updatedMs: createdMs,
      properties: {
        allowOtherObjectSchema: true,
        createObjectsCustomField: false,
        quickCreateObjects: false,
        serviceDescCustomersEnabled: false,
        validateQuickCreate: true,
        ...input.properties,
      },
      ...extraFields(input.extra),
    };
    this.schemas.set(schema.id, schema);
    this.configurationChanged();
    return schema;
  }

  /** Adds a type with its automatic attributes Key, Name, Created and Updated. */
  addType(input: TypeInput): ObjectType {
    const createdMs = this.now();
    const type: ObjectType = {
      id: this.nextId('type'),
      schemaId: input.schema.id,
      parentId: input.parent?.id,
      name: input.name,
      displayName: input.displayName ?? input.name,
      description: input.description,
      iconId: (input.icon ?? this.icons.values().next().value)?.id ?? 0,
      position: input.position ?? this.childTypes(input.schema.id, input.parent?.id).length,
      inherited: input.inherited ?? false,
      abstract: input.abstract ?? false,
      createdMs,
      updatedMs: createdMs,
      ...extraFields(input.extra),
    };
    this.types.set(type.id, type);
    this.configurationChanged();
    this.#addAutomaticAttributes(type);
    return type;
  }

  addAttribute(input: AttributeInput): Attribute {
    const max = input.multiple === true ? -1 : input.multiple || 1;
    const attribute: Attribute = {
      id: this.nextId('attribute'),
      typeId: input.type.id,
      role: undefined,
      kind: input.kind ?? (input.target ? 'reference' : 'text'),
      name: input.name,
      displayName: input.displayName ?? input.name,
      description: input.description,
      label: false,
      hidden: input.hidden ?? false,
      unique: input.unique ?? false,
      summable: input.summable ?? false,
      minimumCardinality: input.required ? 1 : 0,
      maximumCardinality: max,
      suffix: input.suffix,
      regexValidation: input.regexValidation,
      qlQuery: input.qlQuery,
      options: (input.options ?? []).join(','),
      includeChildObjectTypes: input.includeChildObjectTypes ?? false,
      targetTypeId: input.target?.id,
      referenceTypeId: input.target && (input.referenceType ?? this.referenceTypes.values().next().value)?.id,
      additionalValue: input.additionalValue,
      typeValueMulti:
        input.statuses?.map((status) => String(status.id)) ?? input.groups?.map((group) => group.name) ?? [],
      position: this.typeAttributes(input.type.id).length,
      ...extraFields(input.extra),
    };
    this.attributes.set(attribute.id, attribute);
    this.configurationChanged();
    if (input.label) this.setLabel(attribute);
    return attribute;
  }

  /** Exactly one attribute of a type is its label (reference section 6). */
  setLabel(attribute: Attribute): void {
    for (const other of this.attributes.values())
      if (other.typeId === attribute.typeId) other.label = other === attribute;
    this.objects.revision += 1;
    this.configurationChanged();
  }

  addStatusType(input: StatusTypeInput): StatusType {
    const status: StatusType = {
      id: this.nextId('status'),
      name: input.name,
      displayName: input.displayName ?? input.name,
      description: input.description,
      category: input.category ?? 1,
      schemaId: input.schema?.id,
    };
    this.statusTypes.set(status.id, status);
    this.configurationChanged();
    return status;
  }

  addReferenceType(input: ReferenceTypeInput): ReferenceType {
    const referenceType: ReferenceType = {
      id: this.nextId('referenceType'),
      name: input.name,
      displayName: input.displayName ?? input.name,
      description: input.description,
      color: input.color ?? '49a6ed',
      removable: true,
      schemaId: input.schema?.id,
    };
    this.referenceTypes.set(referenceType.id, referenceType);
    this.configurationChanged();
    return referenceType;
  }

  /** Adds an object without asking the rules, so that a test can have states that writes would refuse. */
  addObject(input: ObjectInput): StoredObject {
    const createdMs = input.created?.getTime() ?? this.now();
    const object: StoredObject = {
      id: input.id ?? this.nextId('object'),
      typeId: input.type.id,
      createdMs,
      updatedMs: input.updated?.getTime() ?? createdMs,
      createdBy: (input.createdBy ?? this.owner).accountId,
      values: this.storedValues(input.type, input.values ?? {}, input.name),
      hasAvatar: input.hasAvatar ?? false,
      hasAttachments: input.hasAttachments ?? false,
    };
    if (input.extra) {
      object.extra = {};
      for (const place of ['object', 'attribute', 'value'] as const) {
        const text = input.extra[place];
        if (text !== undefined) object.extra[place] = parseRawJson(text);
      }
    }
    if (input.id !== undefined) this.lastIds.object = Math.max(this.lastIds.object ?? this.idsAbove, input.id);
    this.objects.add(object);
    return object;
  }

  addHistory(input: HistoryInput): HistoryEntry {
    const entry: HistoryEntry = {
      id: this.nextId('history'),
      actor: (input.actor ?? this.owner).accountId,
      attribute: input.attribute,
      oldValue: input.oldValue,
      newValue: input.newValue,
      type: input.type ?? 2,
      createdMs: input.created?.getTime() ?? this.now(),
      ...extraFields(input.extra),
    };
    append(this.histories, input.object.id, entry);
    return entry;
  }

  addComment(input: CommentInput): Comment {
    const createdMs = input.created?.getTime() ?? this.now();
    const comment: Comment = {
      id: this.nextId('comment'),
      actor: (input.actor ?? this.owner).accountId,
      role: input.role ?? 0,
      text: input.text,
      createdMs,
      updatedMs: createdMs,
      ...extraFields(input.extra),
    };
    append(this.commentLists, input.object.id, comment);
    return comment;
  }

  storedValues(type: ObjectType, values: ValuesInput, name?: string): StoredValues {
    const stored: StoredValues = new Map();
    const label = this.labelAttribute(type.id);
    if (name !== undefined && label) stored.set(label.id, [name]);
    for (const [attributeName, value] of Object.entries(values)) {
      const attribute = this.typeAttributes(type.id).find((candidate) => candidate.name === attributeName);
      if (!attribute) throw new Error(`type ${type.name} has no attribute ${attributeName}`);
      const list = Array.isArray(value) ? value : [value];
      stored.set(
        attribute.id,
        list.map((item) => storedValue(attribute, item)),
      );
    }
    return stored;
  }

  #addAutomaticAttributes(type: ObjectType): void {
    const roles: { role: AutomaticRole; name: string; kind: 'text' | 'datetime' }[] = [
      { role: 'key', name: 'Key', kind: 'text' },
      { role: 'name', name: 'Name', kind: 'text' },
      { role: 'created', name: 'Created', kind: 'datetime' },
      { role: 'updated', name: 'Updated', kind: 'datetime' },
    ];
    for (const [position, { role, name, kind }] of roles.entries()) {
      const attribute = this.addAttribute({ type, name, kind, required: true });
      attribute.role = role;
      attribute.position = position;
      if (role === 'name') {
        attribute.label = true;
        attribute.description = 'The name of the object';
        attribute.suffix = '';
        attribute.regexValidation = '';
      }
    }
    this.configurationChanged();
  }
}

function extraFields(text: string | undefined): { extra?: JsonObject } {
  return text === undefined ? {} : { extra: parseRawJson(text) };
}

function append<T>(lists: Map<number, T[]>, key: number, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
