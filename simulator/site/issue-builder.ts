import type { FieldConfiguration, FieldContext, Issue, IssueField } from './issue-records.ts';
import { setField } from './issue-writes.ts';
import type { Schema, StoredObject, User } from './records.ts';
import { SiteBuilder } from './site-builder.ts';

export interface FieldContextInput {
  name?: string;
  /** Keys of projects; the global context by default. */
  projects?: readonly string[];
  /** The objects of one schema alone; any by default. */
  schema?: Schema;
  configuration?: Partial<FieldConfiguration>;
}

export interface IssueFieldInput {
  name: string;
  description?: string;
  /** One global context by default; an empty list for a field without any. */
  contexts?: readonly FieldContextInput[];
}

/** What fields of an issue hold, by id of the field. */
export type IssueValuesInput = Readonly<Record<number, StoredObject | readonly StoredObject[]>>;

export interface IssueInput {
  /** `ITSM-<the next number>` by default. */
  key?: string;
  summary?: string;
  reporter?: User;
  status?: string;
  fields?: IssueValuesInput;
}

export interface TicketInput {
  object: StoredObject;
  key: string;
  title?: string;
  reporter?: User;
  status?: string;
}

/** The Jira side of a pretend site: its `add…` methods check nothing, the others are what people do. */
export class IssueBuilder extends SiteBuilder {
  addIssueField({ name, description = '', contexts = [{}] }: IssueFieldInput): IssueField {
    const field = {
      id: 10_099 + this.nextId('issueField'),
      name,
      description,
      contexts: contexts.map((input) => this.#context(name, input)),
    };
    this.issues.fields.set(field.id, field);
    return field;
  }

  addFieldContext(field: IssueField, input: FieldContextInput = {}): FieldContext {
    const context = this.#context(field.name, input);
    field.contexts.push(context);
    return context;
  }

  addIssue({ key, summary, reporter, status, fields = {} }: IssueInput = {}): Issue {
    const id = this.nextId('ticket');
    const createdMs = this.now();
    const issue: Issue = {
      id,
      key: key ?? `ITSM-${id}`,
      formerKeys: [],
      summary: summary ?? `Issue ${key ?? id}`,
      reporter: (reporter ?? this.owner).accountId,
      status: status ?? 'In Progress',
      createdMs,
      updatedMs: createdMs,
      values: new Map(),
      isArchived: false,
      access: 'edit',
      offScreen: [],
      changes: [],
    };
    for (const [fieldId, objects] of valuesOf(fields)) if (objects.length > 0) issue.values.set(fieldId, objects);
    this.issues.add(issue);
    return issue;
  }

  /** Connects an object with an issue, which is made where there is none of this key: in a field of its own, named Assets. */
  addTicket({ object, key, title, ...others }: TicketInput): Issue {
    const known = [...this.issues.fields.values()].find(({ name }) => name === 'Assets');
    const field = known ?? this.addIssueField({ name: 'Assets' });
    const issue =
      this.issues.find(key) ?? this.addIssue({ key, ...(title !== undefined && { summary: title }), ...others });
    this.issues.setValues(issue, field.id, [...(issue.values.get(field.id) ?? []), String(object.id)]);
    return issue;
  }

  /** Somebody gives fields of an issue other objects; an empty list clears. */
  editIssue(issue: Issue, fields: IssueValuesInput, actor: User = this.owner): void {
    for (const [fieldId, ids] of valuesOf(fields)) {
      setField(this, issue, { id: fieldId }, { ids, actor: actor.accountId, notified: true });
    }
  }

  archiveIssue(issue: Issue): void {
    issue.isArchived = true;
    this.issues.changed(issue);
  }

  deleteIssue(issue: Issue): void {
    this.issues.delete(issue);
  }

  /** Into another project: its id stays, and its old key still leads to it. */
  moveIssue(issue: Issue, key: string): void {
    issue.formerKeys = [...issue.formerKeys, issue.key];
    issue.key = key;
    issue.updatedMs = this.now();
    this.issues.changed(issue);
  }

  /** What the login may do with an issue from now on, and which fields are on none of its screens. */
  restrictIssue(issue: Issue, { access, offScreen }: Partial<Pick<Issue, 'access' | 'offScreen'>>): void {
    issue.access = access ?? issue.access;
    issue.offScreen = offScreen ?? issue.offScreen;
    this.issues.changed(issue);
  }

  #context(fieldName: string, { name, projects = [], schema, configuration }: FieldContextInput): FieldContext {
    const id = this.nextId('fieldContext');
    return {
      id: 11_000 + id,
      name: name ?? `Default Configuration Scheme for ${fieldName}`,
      projects,
      configId: 21_000 + id,
      configuration: {
        objectSchemaId: schema?.id,
        objectFilterQuery: '',
        issueScopeFilterQuery: '',
        attributesIncludedInAutoCompleteSearch: [],
        attributesDisplayedOnIssue: [],
        multiple: true,
        shouldSetDefaultValuesFromEmptySearch: false,
        attributesLimit: 20,
        ...configuration,
      },
    };
  }
}

function valuesOf(fields: IssueValuesInput): (readonly [number, readonly string[]])[] {
  return Object.entries(fields).map(([fieldId, value]) => {
    const objects = Array.isArray(value) ? (value as readonly StoredObject[]) : [value as StoredObject];
    return [Number(fieldId), objects.map(({ id }) => String(id))];
  });
}
