import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Simulator } from '../../../simulator/start-simulator.ts';

/**
 * A site in the layout of the original scripts, made by hand from their README and the reference (assets-api.md §0.1): what each file
 * holds is what the endpoint answers that it is named after, and of `objects/` the displayed values by the names of attributes.
 */
export type ScriptsFiles = Map<string, unknown>;

type Json = Record<string, unknown>;

export interface WrittenAs {
  /** Whether objects stand as the API gave them, and as displayed. @default true */
  readonly raw?: boolean;
  readonly displayed?: boolean;
  /** `laptop.json`, as in the README, instead of `Laptop_23.json`. @default false */
  readonly plainNames?: boolean;
  /** Lists as objects keyed by ids. @default false */
  readonly keyed?: boolean;
  /** Keys of the schemas; all of them by default. */
  readonly schemas?: readonly string[];
}

/** Reads a simulated site by HTTP, as the scripts did. */
export async function scriptsFilesOf(simulator: Simulator, as: WrittenAs = {}): Promise<ScriptsFiles> {
  const { raw = true, displayed = true, plainNames = false, keyed = false } = as;
  const { username, apiToken } = simulator.credentials;
  const authorization = `Basic ${Buffer.from(`${username}:${apiToken}`).toString('base64')}`;
  const base = `${simulator.url}/jsm/assets/workspace/${simulator.site.workspaceId}/v1`;
  const ask = async <T>(path: string, body?: Json): Promise<T> => {
    const answer = await fetch(`${base}${path}`, {
      headers: { authorization, 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return (await answer.json()) as T;
  };
  const listed = (records: readonly Json[]) =>
    keyed ? Object.fromEntries(records.map((record) => [String(record.id), record])) : records;
  const files: ScriptsFiles = new Map();
  const { values: schemas } = await ask<{ values: Json[] }>('/objectschema/list?maxResults=500&includeCounts=false');
  files.set('config/objectschemas.json', listed(schemas));
  for (const schema of schemas) {
    const key = String(schema.objectSchemaKey);
    if (as.schemas && !as.schemas.includes(key)) continue;
    const put = (path: string, value: unknown) => files.set(`${key}/${path}`, value);
    put('config/objectschema.json', schema);
    put('config/objectschema_properties.json', await ask(`/global/config/objectschema/${schema.id}/property`));
    put('config/global_referencetypes.json', listed(await ask<Json[]>('/config/referencetype')));
    put('config/global_statustypes.json', listed(await ask<Json[]>('/config/statustype')));
    put('config/referencetypes.json', listed(await ask<Json[]>(`/config/referencetype?objectSchemaId=${schema.id}`)));
    put('config/statustypes.json', listed(await ask<Json[]>(`/config/statustype?objectSchemaId=${schema.id}`)));
    const types = await ask<Json[]>(`/objectschema/${schema.id}/objecttypes/flat?includeObjectCounts=false`);
    put('config/objecttypes.json', listed(types));
    for (const type of types) {
      const safe = String(type.name).replace(/[<>:"/\\|?* ]/g, '_');
      const name = plainNames ? safe : `${safe}_${type.id}`;
      const attributes = await ask<Json[]>(`/objecttype/${type.id}/attributes`);
      put(`config/attributes/${name}.json`, listed(attributes));
      const objects = await objectsOf(ask, String(type.id));
      if (raw) put(`objectsmeta/${name}.json`, listed(objects));
      if (displayed) put(`objects/${name}.json`, Object.fromEntries(objects.map((one) => shown(one, attributes))));
      for (const { id } of objects) {
        const history = await ask<Json[]>(`/object/${id}/history`);
        if (history.length > 0) put(`objects/history/${id}.json`, history);
        const comments = await ask<Json[]>(`/comment/object/${id}`);
        if (comments.length > 0) put(`objects/comments/${id}.json`, comments);
      }
    }
  }
  return files;
}

async function objectsOf(ask: <T>(path: string, body: Json) => Promise<T>, type: string): Promise<Json[]> {
  const objects: Json[] = [];
  for (;;) {
    const page = await ask<{ values: Json[] }>(`/object/aql?startAt=${objects.length}&maxResults=500`, {
      qlQuery: `objectTypeId = ${type} ORDER BY Key ASC`,
    });
    if (page.values.length === 0) return objects;
    objects.push(...page.values);
  }
}

/** Object id → attribute name → what was shown, with the key of the object where it is a reference; several as a list. */
function shown(object: Json, attributes: readonly Json[]): [string, Json] {
  const names = new Map(attributes.map((attribute) => [attribute.id, String(attribute.name)]));
  const entries = (object.attributes as Json[]).map((entry) => {
    const values = (entry.objectAttributeValues as Json[]).map((value) =>
      value.referencedType === true
        ? { displayValue: value.displayValue, searchValue: value.searchValue }
        : value.displayValue,
    );
    return [names.get(entry.objectTypeAttributeId) ?? '', values.length === 1 ? values[0] : values] as const;
  });
  return [String(object.id), Object.fromEntries(entries)];
}

/** As Python's `json.dump` writes: with blanks after commas and colons, and nothing but ASCII. */
export function pythonJson(value: unknown): string {
  const text = JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function writeScripts(folder: string, files: ScriptsFiles): void {
  for (const [path, value] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof value === 'string' ? value : pythonJson(value));
  }
}
