import { issueFieldsKey } from '../backup-format/keys.ts';
import type { StoredFile } from '../backup-format/manifest.ts';
import type { ManifestIssueField } from '../backup-format/manifest-issue-field.ts';
import { DamagedBackupError } from '../errors.ts';
import { isRecord, type Json, type JsonRecord, textOf } from '../model/json.ts';
import type { BackupSource } from './backup-source.ts';
import { linkedObjects } from './linked-objects.ts';

/** An Assets field of Jira's issues as a backup holds it. */
export interface StoredIssueField extends ManifestIssueField {
  /** As the site gave it. */
  readonly record: JsonRecord;
  /** `{ context, configuration }` for each of its contexts; null where the site does not offer them, or they could not be read. */
  readonly configurations: readonly JsonRecord[] | null;
  /** Keys of its files that are not there: only of a backup of which what is whole is read. */
  readonly missing: readonly string[];
}

/** An issue with the objects that the field of it held, in their order. */
export interface StoredIssueLinks {
  readonly issueId: string;
  readonly issueKey: string;
  readonly objectIds: readonly string[];
  /** As the site gave it: `id`, `key`, and under `fields` the field. */
  readonly record: JsonRecord;
}

/** A line of `config/issues/fields.json`. */
export interface StoredFieldLine extends JsonRecord {
  readonly id: string;
  readonly name: string;
  readonly field: JsonRecord;
  readonly configurations: readonly JsonRecord[] | null;
}

/** The fields of a backup; undefined where it has none of issues, because nobody asked for them. Throws DamagedBackupError. */
export async function storedIssueFields(source: BackupSource): Promise<readonly StoredIssueField[] | undefined> {
  const { name, issueLinks } = source.manifest;
  if (issueLinks === null) return undefined;
  const lines = (await source.configuration<StoredFieldLine[]>(issueFieldsKey(name))) ?? [];
  const byId = new Map(lines.map((line) => [line.id, line]));
  return issueLinks.map((field) => ({
    ...field,
    record: byId.get(field.id)?.field ?? {},
    configurations: byId.get(field.id)?.configurations ?? null,
    missing: field.files.filter((key) => !source.file(key)),
  }));
}

/**
 * The issues of a field, file by file, none before its file is known to be whole: of some thousand issues one file is held at
 * a time. What is `missing` is left out. Throws DamagedBackupError.
 */
export async function* storedIssueLinks(
  source: BackupSource,
  field: Pick<ManifestIssueField, 'id' | 'files'>,
): AsyncGenerator<StoredIssueLinks> {
  for (const file of field.files.flatMap((key): StoredFile | [] => source.file(key) ?? [])) {
    for (const record of await source.json<JsonRecord[]>(file)) {
      const { id, key, fields } = record;
      const [issueId, issueKey] = [textOf(id), textOf(key)];
      if (issueId === undefined || issueKey === undefined)
        throw new DamagedBackupError(`${file.key} holds an issue without an id.`);
      const objectIds = linkedObjectIds(isRecord(fields) ? fields : {}, field.id);
      yield { issueId, issueKey, objectIds, record };
    }
  }
}

/** Ids of the objects in a field of an issue, in their order; what cannot be read as one stands in the record alone. */
export function linkedObjectIds(fields: JsonRecord, fieldId: string): string[] {
  const value = fields[fieldId] ?? [];
  const entries: readonly Json[] = Array.isArray(value) ? value : [value];
  return entries.flatMap((entry) => (linkedObjects(entry) ?? []).map(({ objectId }) => objectId));
}
