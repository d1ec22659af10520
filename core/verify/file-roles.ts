import { isActivityList } from '../backup-format/activity-list.ts';
import type { ActivityPlace, ActivityPlaces } from '../backup-format/activity-places.ts';
import { isAttributeList } from '../backup-format/attribute-list.ts';
import type { Manifest, ManifestObjectType } from '../backup-format/manifest.ts';

export type FileRole =
  | { readonly type: ManifestObjectType; readonly readable: boolean }
  | ActivityPlace
  | 'attributes'
  | 'activity list'
  | 'attribute list'
  | 'image'
  | 'issues'
  | 'outside'
  | 'other';

/** What a file is, by the manifest where it names the file, otherwise by the folder that the format gives it. */
export class FileRoles {
  readonly #byKey = new Map<string, FileRole>();

  readonly #places: ActivityPlaces;

  constructor({ schemas, issueLinks }: Manifest, places: ActivityPlaces) {
    this.#places = places;
    for (const key of issueLinks?.flatMap(({ files }) => files) ?? []) this.#byKey.set(key, 'issues');
    for (const type of schemas.flatMap(({ objectTypes }) => objectTypes)) {
      for (const key of type.objectsMeta) this.#byKey.set(key, { type, readable: false });
      for (const key of type.objects) this.#byKey.set(key, { type, readable: true });
      if (type.attributes) this.#byKey.set(type.attributes, 'attributes');
    }
  }

  of(key: string): FileRole {
    const known = this.#byKey.get(key);
    if (known) return known;
    const activity = this.#places.of(key);
    if (activity) return activity;
    if (isActivityList(key)) return 'activity list';
    if (isAttributeList(key)) return 'attribute list';
    if (key.includes('/config/icons/')) return 'image';
    return key.includes('/manifest/references-outside-') ? 'outside' : 'other';
  }
}
