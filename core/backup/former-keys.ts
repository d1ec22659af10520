import type { ManifestSchema } from '../backup-format/manifest.ts';
import type { Services } from '../ports/services.ts';
import { backupsThatCount } from './finish-records.ts';

/** So many backups are looked into for a key: one that was never a schema's is in none. */
const mostBackups = 30;

/**
 * What became of schemas by whose keys a backup was asked for, and which the site does not have: a sentence for each that an earlier
 * backup of the site has. Their ids stay where their keys change.
 */
export async function formerKeys(
  services: Pick<Services, 'backups' | 'work' | 'clock'>,
  { workspaceId }: { readonly workspaceId: string },
  missing: readonly string[],
  known: readonly { readonly id: string; readonly key: string; readonly name: string }[],
): Promise<string[]> {
  const sentences = new Map<string, string>();
  let looked = 0;
  for await (const { manifest } of backupsThatCount(services)) {
    if (looked === mostBackups || sentences.size === missing.length) break;
    looked += 1;
    if (manifest.site.workspaceId !== workspaceId) continue;
    for (const schema of manifest.schemas) {
      if (missing.includes(schema.key) && !sentences.has(schema.key))
        sentences.set(schema.key, sentenceOf(schema, manifest.name, known));
    }
  }
  return [...sentences.values()];
}

function sentenceOf(
  { id, key }: ManifestSchema,
  backup: string,
  known: readonly { readonly id: string; readonly key: string; readonly name: string }[],
): string {
  const now = known.find((schema) => schema.id === id);
  return now
    ? `The schema that had the key ${key} in ${backup} (${now.name}) has the key ${now.key} by now: ask for that.`
    : `${backup} has a schema ${key}: it was deleted since, or this account does not see it any more.`;
}
