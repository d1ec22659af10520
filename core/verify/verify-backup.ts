import type { ActivityLine } from '../backup-format/activity-list.ts';
import { type ActivityPlace, ActivityPlaces } from '../backup-format/activity-places.ts';
import { firstName, manifestKey } from '../backup-format/keys.ts';
import { type OutsideReference, readFileList } from '../backup-format/list-files.ts';
import type { Manifest, ManifestObjectType, StoredFile } from '../backup-format/manifest.ts';
import { countValues, referencesOf } from '../backup-format/object-values.ts';
import { openBackup } from '../backup-format/open-backup.ts';
import { counted, readableCount } from '../counted.ts';
import { DamagedBackupError } from '../errors.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, isRecord, type Json, recordsOf, textOf } from '../model/json.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import type { Reporter } from '../ports/reporter.ts';
import { sideBySide } from '../side-by-side.ts';
import { ActivityCheck } from './activity-check.ts';
import { checkFile, linesOf } from './check-file.ts';
import { checkWithoutManifest } from './check-without-manifest.ts';
import { FileRoles } from './file-roles.ts';
import type { Verification } from './verification.ts';

/** Files read at once; each is held whole for a moment. */
const filesAtOnce = 8;

/**
 * Reads every byte of a backup: checksums, record counts, object counts against the manifest, that every reference leads to an
 * object of the backup or is listed as leading outside, and that the lists of activity say what the files of activity hold. Writes nothing. A damaged file does not end it: the
 * other files are checked as well, also where it is the manifest. Throws NoSuchBackupError, UnsupportedFormatError.
 */
export async function verifyBackup(
  { backups, reporter }: { backups: BackupStore; reporter: Reporter },
  name: string,
): Promise<Verification> {
  let manifest: Manifest;
  try {
    manifest = await openBackup(backups, name);
  } catch (error) {
    if (!(error instanceof DamagedBackupError)) throw error;
    return checkWithoutManifest(backups, name, error);
  }
  return new BackupCheck(backups, manifest).run(reporter);
}

class BackupCheck {
  readonly #backups: BackupStore;
  readonly #manifest: Manifest;
  readonly #problems: { key: string; problem: string }[] = [];
  readonly #named = new Set<string>();
  readonly #places: ActivityPlaces;
  readonly #activity: ActivityCheck;
  readonly #objectsIn = new Map<string, number>();
  readonly #issuesIn = new Map<string, number>();
  readonly #outside = new Set<string>();
  /** References to objects that had not been read yet. */
  #unresolved: [string, string, string][] = [];
  readonly #sums = { files: 0, bytes: 0, attributeValues: 0, historyEntries: 0, comments: 0, attributes: 0, icons: 0 };
  #inside = 0;
  #listedAttributes: number | undefined;

  constructor(backups: BackupStore, manifest: Manifest) {
    this.#backups = backups;
    this.#manifest = manifest;
    this.#places = new ActivityPlaces(manifest);
    this.#activity = new ActivityCheck(manifest, this.#places);
  }

  async run(reporter: Reporter): Promise<Verification> {
    const { name, writtenAs, counts, fileLists, references, activity } = this.#manifest;
    reporter.planned('verification', counts.files);
    const files = await this.#readLists(fileLists);
    const roles = new FileRoles(this.#manifest, this.#places);
    await sideBySide(files, filesAtOnce, async (file) => {
      await this.#checkFile(file, roles);
      reporter.advanced('verification', 1);
    });
    const outside = this.#resolveReferences();
    const isAsStored = this.#problems.length === 0;
    this.#compareCounts();
    if (this.#inside !== references.inside || outside !== references.outside) {
      const found = `${counted(this.#inside, 'reference leads', 'references lead')} inside and ${readableCount(outside)} outside`;
      this.#problem(
        manifestKey(name),
        `${found}, but the manifest says ${references.inside} and ${references.outside}.`,
      );
    }
    if (isAsStored) this.#problems.push(...this.#activity.problems());
    return {
      backup: name,
      ...(writtenAs !== undefined && { writtenAs }),
      files: this.#sums.files,
      bytes: this.#sums.bytes,
      objects: this.#activity.objects,
      referencesInside: this.#inside,
      referencesOutside: outside,
      activity,
      problems: this.#problems,
      strangers: await this.#strangers(),
    };
  }

  /**
   * The lists are checked first; a damaged one hides its files, so it is named and the rest is checked. A file that stands in
   * them twice is some other file's as well, which is lost.
   */
  async #readLists(lists: readonly StoredFile[]): Promise<StoredFile[]> {
    const files = new Map<string, StoredFile>();
    for (const list of lists) {
      this.#named.add(list.key);
      const read = await readFileList(this.#backups, this.#manifest, list);
      if (read.problem !== undefined) {
        this.#problem(list.key, `${read.problem}.`);
        continue;
      }
      for (const file of read.files) {
        const first = firstName(file.key);
        if (files.has(first)) this.#problem(file.key, 'is listed twice: what one of the two was is lost.');
        else files.set(first, file);
      }
    }
    return [...files.values()];
  }

  async #checkFile(file: StoredFile, roles: FileRoles): Promise<void> {
    this.#named.add(file.key);
    const checked = await checkFile(this.#backups, file, { place: this.#places.of(file.key) });
    if ('problem' in checked) return this.#problem(file.key, checked.problem);
    this.#sums.files += 1;
    this.#sums.bytes += checked.bytes.length;
    this.#readContents(file, checked.bytes, roles);
  }

  #readContents(file: StoredFile, bytes: Uint8Array, roles: FileRoles): void {
    const role = roles.of(file.key);
    if (role === 'image') this.#sums.icons += 1;
    if (role === 'issues') this.#issuesIn.set(file.key, file.records);
    if (role === 'attributes') this.#sums.attributes += file.records;
    if (role === 'attribute list') this.#listedAttributes = (this.#listedAttributes ?? 0) + file.records;
    if (role === 'outside') {
      for (const line of linesOf(bytes)) {
        const { from, attribute, to } = JSON.parse(line) as OutsideReference;
        this.#outside.add(`${from} ${attribute} ${to}`);
      }
    }
    if (role === 'activity list')
      this.#activity.addLines(
        file.key,
        linesOf(bytes).map((line) => JSON.parse(line) as ActivityLine),
      );
    if (typeof role !== 'object') return;
    if ('kind' in role) this.#addActivity(file.key, role, parse(bytes));
    else {
      const objects = parse(bytes) as ApiRecord[];
      if (role.readable) this.#objectsIn.set(file.key, file.records);
      else this.#addObjects(file.key, role.type, objects);
    }
  }

  #addObjects(key: string, type: ManifestObjectType, objects: readonly ApiRecord[]): void {
    this.#objectsIn.set(key, objects.length);
    for (const object of objects) {
      this.#activity.addObject(idOf(object), type);
      this.#sums.attributeValues += countValues(object);
      for (const { from, attributeId, to } of referencesOf(object)) {
        if (this.#activity.hasObject(to)) this.#inside += 1;
        else this.#unresolved.push([from, attributeId, to]);
      }
    }
  }

  #addActivity(key: string, place: ActivityPlace, value: Json): void {
    const records = recordsOf(value);
    const objects =
      'shard' in place
        ? records.map((one) => [textOf(one.object) ?? '', recordsOf(one[place.kind])] as const)
        : [[place.objectId, records] as const];
    for (const [id, ofIt] of objects) {
      this.#sums[place.kind === 'history' ? 'historyEntries' : 'comments'] += ofIt.length;
      this.#checkOwner(key, id, ofIt);
    }
    this.#activity.addFile(
      key,
      place,
      objects.map(([id, ofIt]) => [id, ofIt.length]),
    );
  }

  /** Every `objectId` in an object's activity is its own. */
  #checkOwner(key: string, id: string, records: readonly Json[]): void {
    for (const record of records) {
      const objectId = isRecord(record) ? textOf(record.objectId) : undefined;
      if (objectId !== undefined && objectId !== id) this.#problem(key, `holds an entry of object ${objectId}.`);
    }
  }

  #resolveReferences(): number {
    let outside = 0;
    for (const [from, attribute, to] of this.#unresolved) {
      if (this.#activity.hasObject(to)) this.#inside += 1;
      else if (this.#outside.has(`${from} ${attribute} ${to}`)) outside += 1;
      else if (this.#problems.length === 0) {
        this.#problem(
          manifestKey(this.#manifest.name),
          `object ${from} refers to object ${to}, which is not in the backup and not listed as outside.`,
        );
      }
    }
    this.#unresolved = [];
    return outside;
  }

  /** Only where every file is as it was stored: a damaged file is missing from every sum, and was named already. */
  #compareCounts(): void {
    if (this.#problems.length > 0) return;
    const { name, counts, schemas } = this.#manifest;
    for (const [what, found] of Object.entries(this.#sums)) {
      const stated = counts[what as keyof typeof counts];
      if (found !== stated) this.#problem(manifestKey(name), `counts ${stated} ${what}, but the files hold ${found}.`);
    }
    // Backups of earlier versions have no such list.
    if (this.#listedAttributes !== undefined && this.#listedAttributes !== counts.attributes) {
      const listed = counted(this.#listedAttributes, 'attribute');
      this.#problem(
        manifestKey(name),
        `counts ${counts.attributes} attributes, but the lists of attributes name ${listed}.`,
      );
    }
    this.#compareIssues();
    for (const type of schemas.flatMap(({ objectTypes }) => objectTypes)) {
      for (const keys of [type.objectsMeta, type.objects]) {
        const found = keys.reduce((sum, key) => sum + (this.#objectsIn.get(key) ?? 0), 0);
        if (found === type.stored) continue;
        this.#problem(
          keys[0] ?? manifestKey(name),
          `${type.name} has ${counted(found, 'object')} instead of ${readableCount(type.stored)}.`,
        );
      }
    }
  }

  #compareIssues(): void {
    for (const { id, name, issues, files } of this.#manifest.issueLinks ?? []) {
      const found = files.reduce((sum, key) => sum + (this.#issuesIn.get(key) ?? 0), 0);
      if (issues === null || found === issues) continue;
      const key = files[0] ?? manifestKey(this.#manifest.name);
      this.#problem(
        key,
        `the field ${name} (${id}) has ${counted(found, 'issue')} instead of ${readableCount(issues)}.`,
      );
    }
  }

  async #strangers(): Promise<string[]> {
    const strangers: string[] = [];
    for await (const { key } of this.#backups.list(`${this.#manifest.name}/`)) {
      if (!this.#named.has(key) && key !== manifestKey(this.#manifest.name)) strangers.push(key);
    }
    return strangers;
  }

  #problem(key: string, problem: string): void {
    this.#problems.push({ key, problem });
  }
}

function parse(bytes: Uint8Array): Json {
  return JSON.parse(new TextDecoder().decode(bytes)) as Json;
}
