import { schemaFolders } from '../backup-format/keys.ts';
import { counted } from '../counted.ts';
import { type JsonRecord, textOf } from '../model/json.ts';
import type { Notice } from '../model/outcome.ts';
import type { KnownSchema } from './convert-schema.ts';
import type { ScriptFiles } from './script-files.ts';
import type { SchemaFiles, ScriptLayout } from './script-layout.ts';
import { TypeFiles } from './type-files.ts';

/** The schemas of a backup of the scripts, and all that its list of schemas names. */
export interface KnownSchemas {
  readonly listed: readonly JsonRecord[];
  readonly schemas: readonly KnownSchema[];
  readonly notices: readonly Notice[];
}

/** Finds out which schema each folder is of: by its own record, else by the list of schemas, else by its object types. */
export async function knownSchemas(files: ScriptFiles, layout: ScriptLayout): Promise<KnownSchemas> {
  const place = { kind: 'configuration', what: 'list of schemas' } as const;
  const listed = (await files.records(layout.schemaList, place)) ?? [];
  const found: Found[] = [];
  for (const schema of layout.schemas) found.push(await findSchema(files, schema, listed));
  const known: KnownSchema[] = [];
  const folders = schemaFolders(found);
  for (const one of found) {
    const { id, key, name, record, types } = one;
    const typed = types && (await new TypeFiles(files, one.files, { key, types }).assign());
    known.push({ schema: { id, key, name, folder: folders.get(id) ?? key }, record, files: one.files, typed });
  }
  return { listed, schemas: known, notices: withoutFolder(listed, found) };
}

interface Found {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly record: JsonRecord | undefined;
  readonly types: readonly JsonRecord[] | undefined;
  readonly files: SchemaFiles;
}

async function findSchema(files: ScriptFiles, schema: SchemaFiles, listed: readonly JsonRecord[]): Promise<Found> {
  const place = { kind: 'configuration', schemaKey: schema.folder } as const;
  const own = await files.record(schema.config.get('objectschema'), { ...place, what: 'object schema' });
  const inList = listed.find(({ objectSchemaKey }) => {
    const key = textOf(objectSchemaKey);
    return key !== undefined && asFolder(key) === asFolder(schema.folder);
  });
  const record = textOf(own?.id) === undefined ? (inList ?? own) : own;
  const all = await files.records(schema.config.get('objecttypes'), { ...place, what: 'object types' });
  const types = all?.filter(({ id }) => textOf(id) !== undefined);
  const ofTypes = types?.flatMap(({ objectSchemaId }) => textOf(objectSchemaId) ?? [])[0];
  const key = textOf(record?.objectSchemaKey) ?? schema.folder;
  return {
    id: textOf(record?.id) ?? ofTypes ?? `unknown-${schema.folder}`,
    ...{ key, name: textOf(record?.name) ?? key, record, types, files: schema },
  };
}

/** The scripts back up the schemas that they are told, and list all. */
function withoutFolder(listed: readonly JsonRecord[], found: readonly Found[]): Notice[] {
  const ids = new Set(found.map(({ id }) => id));
  const missing = listed.filter(({ id }) => !ids.has(textOf(id) ?? ''));
  if (missing.length === 0) return [];
  const keys = missing.map(({ objectSchemaKey }) => textOf(objectSchemaKey) ?? '?').join(', ');
  const are = counted(missing.length, 'schema is', 'schemas are');
  return [
    {
      kind: 'not-held',
      message: `${are} listed and ${missing.length === 1 ? 'has' : 'have'} no folder: the scripts were not told to back ${missing.length === 1 ? 'it' : 'them'} up, or did not come to it (${keys}).`,
    },
  ];
}

const asFolder = (key: string) => key.replace(/[<>:"/\\|?*\s]/g, '_').toLowerCase();
