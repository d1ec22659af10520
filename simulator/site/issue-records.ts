// What the site's Jira remembers of issues: only what Assets fields need. Ids are numbers here and strings on the wire.

/** How a context of a field limits its values. Source: reference, section 1.3 (undocumented, read by Salto). */
export interface FieldConfiguration {
  /** Undefined for a context that nobody has configured yet. */
  objectSchemaId: number | undefined;
  /** AQL that an object has to meet; empty for none. */
  objectFilterQuery: string;
  issueScopeFilterQuery: string;
  attributesIncludedInAutoCompleteSearch: readonly string[];
  attributesDisplayedOnIssue: readonly string[];
  /** Whether the field holds several objects. */
  multiple: boolean;
  shouldSetDefaultValuesFromEmptySearch: boolean;
  attributesLimit: number;
}

export interface FieldContext {
  readonly id: number;
  name: string;
  /** Keys of its projects; none for the global context. */
  projects: readonly string[];
  /** The id of the configuration where it is another one than the context's (a quirk). */
  readonly configId: number;
  configuration: FieldConfiguration;
}

/** An Assets custom field. Names are not unique. */
export interface IssueField {
  readonly id: number;
  name: string;
  description: string;
  /** A field without any is listed by `/field/search` alone, and can be set on no issue. */
  contexts: FieldContext[];
}

/** One change of one field, as the history of an issue tells it. */
export interface IssueChange {
  readonly fieldId: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** An account id. */
  readonly actor: string;
  /** Whether watchers got mail. */
  readonly notified: boolean;
  readonly atMs: number;
}

export interface Issue {
  readonly id: number;
  key: string;
  /** Keys that it had before it was moved: they still lead to it. */
  formerKeys: readonly string[];
  summary: string;
  /** Account id. */
  reporter: string;
  status: string;
  readonly createdMs: number;
  updatedMs: number;
  /** Ids of objects, in order, by id of the field. */
  readonly values: Map<number, readonly string[]>;
  isArchived: boolean;
  /** What the login may do with it: edit it, only read it, or not even see it. */
  access: 'edit' | 'read' | 'none';
  /** Fields that are on none of its screens, so that they cannot be set. */
  offScreen: readonly number[];
  /** Oldest first. */
  readonly changes: IssueChange[];
}
