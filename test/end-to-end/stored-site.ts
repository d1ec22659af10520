import type { Manifest } from '../../core/backup-format/manifest.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';

type Record_ = { [field: string]: unknown };

/** What a backup holds, read back from the files that its manifest names. */
export interface StoredSite {
  readonly objects: Map<string, Record_>;
  readonly history: Map<string, Record_[]>;
  readonly comments: Map<string, Record_[]>;
  /** Contents of every other JSON file, by key without the backup's name. */
  readonly files: Map<string, unknown>;
}

export async function readStored(directory: string, manifest: Manifest): Promise<StoredSite> {
  const { backups } = openLocalStores(directory);
  const stored: StoredSite = { objects: new Map(), history: new Map(), comments: new Map(), files: new Map() };
  const metaKeys = new Set(
    manifest.schemas.flatMap(({ objectTypes }) => objectTypes.flatMap((type) => type.objectsMeta)),
  );
  for await (const { key } of backups.list(`${manifest.name}/`)) {
    if (!key.endsWith('.json')) continue;
    const value = JSON.parse(new TextDecoder().decode(await backups.read(key))) as unknown;
    const activity = /\/objects\/(history|comments)\/(?:(\d+)\.json)?/.exec(key);
    if (metaKeys.has(key)) for (const object of value as Record_[]) stored.objects.set(String(object.id), object);
    else if (activity) {
      const kind = activity[1] as 'history' | 'comments';
      // A file of one object, or of many of a type.
      const ofObjects = activity[2] ? [{ object: activity[2], [kind]: value }] : (value as Record_[]);
      for (const { object, [kind]: records } of ofObjects) stored[kind].set(String(object), records as Record_[]);
    } else stored.files.set(key.slice(manifest.name.length + 1), value);
  }
  return stored;
}

/** The site's own truth, in the same form. Media tokens are secrets that a backup must not hold. */
export function truthOf(site: SimulatedSite): Omit<StoredSite, 'files'> {
  const truth = {
    objects: new Map<string, Record_>(),
    history: new Map<string, Record_[]>(),
    comments: new Map<string, Record_[]>(),
  };
  for (const object of site.allObjects()) {
    const id = String(object.id);
    truth.objects.set(id, withoutMediaTokens(object));
    // The client asks for `asc=true`; the site's own list is the newest first.
    if (site.history(id).length > 0) truth.history.set(id, site.history(id).map(withoutMediaTokens).reverse());
    if (site.comments(id).length > 0) truth.comments.set(id, site.comments(id).map(withoutMediaTokens));
  }
  return truth;
}

function withoutMediaTokens(value: unknown): Record_ {
  return JSON.parse(JSON.stringify(value, (key, field) => (key === 'mediaJwtToken' ? undefined : field))) as Record_;
}
