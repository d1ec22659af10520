import type { Kind } from './kinds.ts';
import type {
  Attribute,
  Group,
  Icon,
  ObjectType,
  Project,
  ReferenceType,
  Schema,
  SchemaProperties,
  StatusType,
  StoredObject,
  User,
} from './records.ts';

// What a test or a seed says when it builds a site by hand. All that is optional has a plausible default.

export interface SchemaInput {
  key: string;
  name?: string;
  displayName?: string;
  description?: string;
  canManage?: boolean;
  properties?: Partial<SchemaProperties>;
  /** Fields that no client knows, as JSON text, given in answers exactly so. */
  extra?: string;
}

export interface TypeInput {
  schema: Schema;
  name: string;
  displayName?: string;
  description?: string;
  parent?: ObjectType;
  icon?: Icon;
  /** Its children inherit its attributes. */
  inherited?: boolean;
  abstract?: boolean;
  position?: number;
  extra?: string;
}

export interface AttributeInput {
  type: ObjectType;
  name: string;
  /** Text by default. */
  kind?: Kind;
  displayName?: string;
  description?: string;
  /** The type that a reference points to. */
  target?: ObjectType;
  referenceType?: ReferenceType;
  includeChildObjectTypes?: boolean;
  qlQuery?: string;
  required?: boolean;
  /** Any number of values, or at most so many; one by default. */
  multiple?: boolean | number;
  unique?: boolean;
  hidden?: boolean;
  label?: boolean;
  options?: readonly string[];
  suffix?: string;
  summable?: boolean;
  regexValidation?: string;
  additionalValue?: string;
  /** Statuses that the attribute may have; all by default. */
  statuses?: readonly StatusType[];
  /** Groups that a user attribute is restricted to. */
  groups?: readonly Group[];
  extra?: string;
}

/** A value by what it means: a text, a number, or the thing that it points to. */
export type ValueInput = string | number | boolean | StoredObject | User | Group | StatusType | Project;

/** Values by attribute name, as one thing or several. */
export type ValuesInput = Readonly<Record<string, ValueInput | readonly ValueInput[]>>;

export interface ObjectInput {
  type: ObjectType;
  /** Value of the label attribute. */
  name?: string;
  values?: ValuesInput;
  /** The next free one by default. */
  id?: number;
  created?: Date;
  updated?: Date;
  createdBy?: User;
  hasAvatar?: boolean;
  hasAttachments?: boolean;
  /** Fields that no client knows, as JSON text. */
  extra?: { object?: string; attribute?: string; value?: string };
}

export interface HistoryInput {
  object: StoredObject;
  actor?: User;
  attribute?: string;
  oldValue?: string;
  newValue?: string;
  /** Numbers of reference section 2.9; 2 (changed value) by default. */
  type?: number;
  created?: Date;
  extra?: string;
}

export interface CommentInput {
  object: StoredObject;
  /** HTML. */
  text: string;
  actor?: User;
  role?: number;
  created?: Date;
  extra?: string;
}

export interface StatusTypeInput {
  name: string;
  displayName?: string;
  description?: string;
  category?: number;
  schema?: Schema;
}

export interface ReferenceTypeInput {
  name: string;
  displayName?: string;
  description?: string;
  color?: string;
  schema?: Schema;
}

/** What identifies a value in the state; see StoredValues. */
export function storedValue(attribute: Attribute, value: ValueInput): string {
  if (typeof value !== 'object') return String(value);
  if ('accountId' in value) return value.accountId;
  if ('groupId' in value) return value.name;
  if (attribute.kind === 'project' && 'key' in value) return value.key;
  return String(value.id);
}
