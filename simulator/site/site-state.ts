import type { Issue } from './issue-records.ts';
import { IssueStore } from './issue-store.ts';
import { ObjectStore } from './object-store.ts';
import { documentedQuirks, type ObjectCount, type Quirks } from './quirks.ts';
import type {
  Attribute,
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
  User,
} from './records.ts';
import { notFound } from './refusal.ts';
import { Roles } from './roles.ts';
import { SearchIndex } from './search-index.ts';
import { uuidFrom } from './uuid.ts';

export interface SiteOptions {
  workspaceId?: string;
  cloudId?: string;
  /** False for a site whose plan has no Assets. */
  hasAssets?: boolean;
  /** Ids start above this number, so that two sites need not agree in any id. */
  idsAbove?: number;
}

type IdKind =
  | 'schema'
  | 'type'
  | 'attribute'
  | 'object'
  | 'status'
  | 'referenceType'
  | 'icon'
  | 'history'
  | 'comment'
  | 'ticket'
  | 'issueField'
  | 'fieldContext'
  | 'upload';

/**
 * What a pretend site remembers, and how its things are found. Tests may change records directly; after changing anything
 * but an object's values they call `configurationChanged`.
 */
export class SiteState {
  readonly workspaceId: string;
  readonly cloudId: string;
  hasAssets: boolean;
  quirks: Quirks = { ...documentedQuirks };
  /** Start of links in answers. */
  linkBase = 'https://api.atlassian.com';

  readonly users = new Map<string, User>();
  readonly groups = new Map<string, Group>();
  readonly projects = new Map<string, Project>();
  readonly schemas = new Map<number, Schema>();
  readonly types = new Map<number, ObjectType>();
  readonly attributes = new Map<number, Attribute>();
  readonly statusTypes = new Map<number, StatusType>();
  readonly referenceTypes = new Map<number, ReferenceType>();
  readonly icons = new Map<number, Icon>();
  /** PNG bytes of uploaded icons by icon id; the others' are drawn from their id. */
  readonly iconImages = new Map<number, Buffer>();
  /** What the media service holds, by file id. */
  readonly mediaFiles = new Map<string, Buffer>();
  readonly objects = new ObjectStore();
  readonly searchIndex: SearchIndex;
  readonly roles = new Roles();
  readonly histories = new Map<number, HistoryEntry[]>();
  readonly commentLists = new Map<number, Comment[]>();
  readonly issues = new IssueStore(() => this.now());
  readonly lastIds: Partial<Record<IdKind, number>> = {};
  readonly idsAbove: number;
  readonly #attributesOfType = new Map<number, readonly Attribute[]>();
  #configurationRevision = 0;
  #mediaTokens = 0;
  // While a site is built, time goes on by a second a thing: the same seed gives the same site on any day.
  #buildTimeMs = Date.UTC(2024, 0, 15, 9);
  #now = (): number => {
    this.#buildTimeMs += 1000;
    return this.#buildTimeMs;
  };

  constructor(options: SiteOptions = {}) {
    this.workspaceId = options.workspaceId ?? 'f1668d0c-828c-470c-b7d1-8c4f48cd345a';
    this.cloudId = options.cloudId ?? '11111111-2222-3333-4444-555555555555';
    this.hasAssets = options.hasAssets ?? true;
    this.idsAbove = options.idsAbove ?? 0;
    this.searchIndex = new SearchIndex(this.objects, {
      now: () => this.now(),
      lagMs: () => this.quirks.searchLagMs,
    });
  }

  /** Rises with each change of schemas, types, attributes, statuses, reference types, icons or users. */
  get configurationRevision(): number {
    return this.#configurationRevision;
  }

  now(): number {
    return this.#now();
  }

  useClock(now: () => number): void {
    this.#now = now;
  }

  nextId(kind: IdKind): number {
    const id = (this.lastIds[kind] ?? this.idsAbove) + 1;
    this.lastIds[kind] = id;
    return id;
  }

  /** A token that no product may keep: recognisable, and another one in every answer. */
  nextMediaToken(): string {
    this.#mediaTokens += 1;
    return `jwt-secret-media-token-${this.#mediaTokens}`;
  }

  nextUuid(): string {
    return uuidFrom(0xabc, this.nextId('upload'));
  }

  configurationChanged(): void {
    this.#configurationRevision += 1;
    this.#attributesOfType.clear();
  }

  historyOf(objectId: number): readonly HistoryEntry[] {
    return this.histories.get(objectId) ?? [];
  }

  commentsOf(objectId: number): readonly Comment[] {
    return this.commentLists.get(objectId) ?? [];
  }

  /** The issues that the login sees and that hold an object in some field. */
  ticketsOf(objectId: number): readonly Issue[] {
    return this.issues.withObject(objectId).filter(({ isArchived, access }) => !isArchived && access !== 'none');
  }

  forgetActivity(objectId: number): void {
    this.histories.delete(objectId);
    this.commentLists.delete(objectId);
  }

  schema(id: number | string): Schema {
    return found(this.schemas.get(Number(id)), 'object schema', id);
  }

  type(id: number | string): ObjectType {
    return found(this.types.get(Number(id)), 'object type', id);
  }

  attribute(id: number | string): Attribute {
    return found(this.attributes.get(Number(id)), 'object type attribute', id);
  }

  object(id: number | string): StoredObject {
    return found(this.objects.get(Number(id)), 'object', id);
  }

  typesOfSchema(schemaId: number): ObjectType[] {
    return [...this.types.values()].filter((type) => type.schemaId === schemaId);
  }

  /** Types directly below a type, or the roots of a schema, in order of position. */
  childTypes(schemaId: number, parentId: number | undefined): ObjectType[] {
    return this.typesOfSchema(schemaId)
      .filter((type) => type.parentId === parentId)
      .sort((a, b) => a.position - b.position);
  }

  typeAndDescendants(type: ObjectType): ObjectType[] {
    return [type, ...this.childTypes(type.schemaId, type.id).flatMap((child) => this.typeAndDescendants(child))];
  }

  /** A type's own attributes and those that it inherits, in the order of answers. */
  typeAttributes(typeId: number): readonly Attribute[] {
    const known = this.#attributesOfType.get(typeId);
    if (known) return known;
    const own = [...this.attributes.values()].filter((attribute) => attribute.typeId === typeId);
    const inherited = this.#inheritedAttributes(typeId);
    const all = this.quirks.attributePlaces === 'in-list' ? placed(own, inherited) : mixed(own, inherited);
    this.#attributesOfType.set(typeId, all);
    return all;
  }

  labelAttribute(typeId: number): Attribute | undefined {
    return this.typeAttributes(typeId).find((attribute) => attribute.label && attribute.typeId === typeId);
  }

  label(object: StoredObject): string {
    const attribute = this.labelAttribute(object.typeId);
    return (attribute && object.values.get(attribute.id)?.[0]) ?? '';
  }

  /** The number after the schema's key is the object's id: unique in the workspace, not only in the schema. */
  objectKey(object: StoredObject): string {
    return `${this.schema(this.type(object.typeId).schemaId).key}-${object.id}`;
  }

  objectByKeyOrId(text: string): StoredObject | undefined {
    const object = this.objects.get(Number(/^(?:.*-)?(\d+)$/.exec(text)?.[1]));
    if (!object || /^\d+$/.test(text)) return object;
    return this.objectKey(object).toLowerCase() === text.toLowerCase() ? object : undefined;
  }

  /** A type that the login sees; else it is answered like one that is not there. */
  visibleType(id: number | string): ObjectType {
    const type = this.type(id);
    return found(this.roles.seesType(type) ? type : undefined, 'object type', id);
  }

  /** An object that the login sees; else it is answered like one that is not there. */
  visibleObject(id: number | string): StoredObject {
    const object = this.object(id);
    return found(this.roles.seesObject(object) ? object : undefined, 'object', id);
  }

  /** As this count shows it to the login. */
  objectCountOfType(typeId: number, count: ObjectCount): number {
    const ids = this.objects.idsOfType(typeId);
    if (!this.roles.hidesObjects || this.quirks.hiddenCountedBy.includes(count)) return ids.length;
    return ids.filter((id) => this.roles.seesObject(this.object(id))).length;
  }

  objectCountOfSchema(schemaId: number, count: ObjectCount): number {
    return this.typesOfSchema(schemaId).reduce((sum, type) => sum + this.objectCountOfType(type.id, count), 0);
  }

  #inheritedAttributes(typeId: number): readonly Attribute[] {
    const parentId = this.types.get(typeId)?.parentId;
    const parent = parentId === undefined ? undefined : this.types.get(parentId);
    if (!parent?.inherited) return [];
    // Every type has automatic attributes of its own, so only the others come down.
    return this.typeAttributes(parent.id).filter((attribute) => !attribute.role);
  }
}

/** Each own attribute at its place in the list; inherited ones fill the places between, in the order of the parent. */
function placed(own: readonly Attribute[], inherited: readonly Attribute[]): Attribute[] {
  const rest = [...inherited];
  const list: Attribute[] = [];
  for (const attribute of own.toSorted((a, b) => a.position - b.position)) {
    list.push(...rest.splice(0, attribute.position - list.length), attribute);
  }
  return [...list, ...rest];
}

/** By the positions that each has among the attributes of its own type; automatic ones first where it is equal. */
function mixed(own: readonly Attribute[], inherited: readonly Attribute[]): Attribute[] {
  const all = [...own.filter(({ role }) => role), ...inherited, ...own.filter(({ role }) => !role)];
  return all.sort((a, b) => a.position - b.position);
}

function found<T>(thing: T | undefined, what: string, id: number | string): T {
  if (thing === undefined) throw notFound(what, id);
  return thing;
}
