import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonRecord } from '../../../core/model/json.ts';

/** The answer of an endpoint as Atlassian's specification or another named source shows it; see `_source` in each file. */
export function sample(name: string): unknown {
  const file = join(import.meta.dirname, 'samples', `${name}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { response: { body: unknown } }).response.body;
}

/** The same for an answer that is one JSON object. */
export function sampleRecord(name: string): JsonRecord {
  return sample(name) as JsonRecord;
}

/** Without what must not be stored. */
export function withoutMediaTokens<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (key, field) => (key === 'mediaJwtToken' ? undefined : field))) as T;
}
