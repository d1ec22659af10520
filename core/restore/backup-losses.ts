import { firstName, isOfIssues, schemaConfigFiles, schemaKeys } from '../backup-format/keys.ts';
import type { Manifest, ManifestObjectType, ManifestSchema } from '../backup-format/manifest.ts';
import { counted } from '../counted.ts';
import type { Gap, ReadKind } from '../model/outcome.ts';
import type { ItemKind, Loss, RestoreChoices } from '../model/restore.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import { isUsable, type LackingFile } from './lacking-files.ts';

interface Lacking {
  /** Its gaps are those that are asked for. */
  readonly manifest: Manifest;
  readonly choices: RestoreChoices;
  readonly source: BackupSource;
  readonly lacking: readonly LackingFile[];
}

/**
 * What the backup itself lacks of what is asked for: what it could not read when it was made, which counts one each, or one an object, and what
 * is missing or damaged since. It is nowhere on the source's side of a comparison, so nothing else comes upon it.
 */
export function backupLosses(input: Lacking): Loss[] {
  const { manifest, choices } = input;
  const chosen = choices.schemas?.map(({ oldObjectSchemaKey }) => oldObjectSchemaKey);
  const schemas = manifest.schemas.filter(({ key }) => chosen?.includes(key) !== false);
  const isOfOthers = ({ schemaKey }: Gap) => schemaKey !== undefined && chosen?.includes(schemaKey) === false;
  const asks = new Asked(choices, schemas);
  const gaps = manifest.gaps.filter((gap) => !isOfOthers(gap) && asks.forGap(gap));
  return [
    ...gaps.flatMap(lossesOfGap),
    ...input.lacking
      .filter(({ isReferrer }) => !isReferrer)
      .flatMap((file) => lossesOfFile(file, input, schemas, asks)),
  ];
}

/** What the site that was backed up did not have is no loss; nor is what the original scripts did not keep, where it is made of theirs. */
export function notOfferedNotices({ notOffered, originalScripts, notices }: Manifest): string[] {
  return [
    ...notOffered.map(({ what }) => `The source site did not offer ${what}: the backup has none.`),
    ...(originalScripts ? notices.map(({ message }) => message) : []),
  ];
}

/** Objects of a schema that is not restored refer to what is; which do, is not known where its files are damaged. */
export function referrerNotices(lacking: readonly LackingFile[]): string[] {
  return lacking
    .filter(({ isReferrer }) => isReferrer)
    .map(
      ({ key, problem }) =>
        `${key} ${problem} Its objects are not restored; which of them refer to what is, is not known.`,
    );
}

class Asked {
  readonly #choices: RestoreChoices;
  readonly #types: ReadonlyMap<string, ManifestObjectType>;

  constructor(choices: RestoreChoices, schemas: readonly ManifestSchema[]) {
    this.#choices = choices;
    this.#types = new Map(schemas.flatMap(({ objectTypes }) => objectTypes.map((type) => [type.id, type] as const)));
  }

  forObjectsOf(typeId: string): boolean {
    const { processObjects, include } = this.#choices;
    const names = [typeId, this.#types.get(typeId)?.name];
    return processObjects && (include.objectTypes.length === 0 || include.objectTypes.some((n) => names.includes(n)));
  }

  forGap({ kind, objectId, objectTypeId, objects }: Gap): boolean {
    const { processObjects, processComments, processHistory } = this.#choices;
    if (kind === 'objects' || kind === 'counts' || kind === 'not-visible')
      return objectTypeId === undefined ? processObjects : this.forObjectsOf(objectTypeId);
    // What becomes of issues is told where they are linked again.
    if (kind === 'issues') return false;
    if (kind === 'comments') return processObjects && processComments;
    // Where 0.1.0 lost a whole batch, one gap says so of its histories and its comments.
    const isOfBoth = objectId === undefined && objects === undefined && processComments;
    return kind !== 'history' || (processObjects && (processHistory || isOfBoth));
  }
}

const kindOfGap: Readonly<Record<ReadKind, ItemKind>> = {
  configuration: 'schema',
  checks: 'schema',
  icons: 'icon',
  objects: 'object',
  counts: 'object',
  history: 'comment',
  comments: 'comment',
  issues: 'object',
  'not-visible': 'object',
};

/** Of what was to be read anew the backup may hold an older copy: that comes back, and whatever has come since does not. */
function lossesOfGap({ kind, what, reason, schemaKey, hidden, objects = 1, carried }: Gap): Loss[] {
  // What is kept instead stands in the reason.
  const missing = carried ? what.replace(/; [^;]*$/, '') : what;
  const where = schemaKey === undefined ? missing : `${schemaKey}: ${missing}`;
  const lost = (values: number, why: string): Loss[] =>
    values === 0 ? [] : [{ kind: kindOfGap[kind], source: where, where, values, reason: `${why}: ${reason}` }];
  const older = carried?.objects ?? 0;
  return [
    ...lost((hidden?.number ?? objects) - older, 'the backup does not hold it'),
    ...lost(
      older,
      `the backup holds only what was read on ${carried?.oldest.slice(0, 10)} or later, and nothing newer`,
    ),
  ];
}

/** A file counts with its records where they are what is asked for, and one where it is configuration. */
function lossesOfFile(
  file: LackingFile,
  { manifest, source }: Lacking,
  schemas: readonly ManifestSchema[],
  asks: Asked,
): Loss[] {
  const { key, problem, records } = file;
  const lost = (kind: ItemKind, where: string, values: number): Loss[] =>
    values === 0 ? [] : [{ kind, source: key, where, values, reason: `${key} ${problem.replace(/\.$/, '')}` }];
  if (manifest.fileLists.some((list) => list.key === key))
    return lost('comment', 'what a list of files names', records);
  if (isOfIssues(key)) return [];
  const schema = schemas.find(({ folder }) => key.startsWith(`${manifest.name}/${folder}/`));
  if (!schema) return lost('schema', 'list of schemas', 1);
  const keys = schemaKeys(manifest.name, schema.folder);
  if (!isUsable(source, schema)) {
    const needed = keys.config(source.file(keys.config('objecttypes')) ? 'objectschema' : 'objecttypes');
    const objects = schema.objectTypes.reduce((sum, { stored }) => sum + stored, 0);
    return firstName(key) === needed ? lost('schema', schema.key, Math.max(1, objects)) : [];
  }
  const activity = source.activityOf(key);
  if (activity && 'objectId' in activity)
    return lost('comment', `${activity.kind} of object ${activity.objectId}`, records);
  if (activity) {
    const { kind, shard } = activity;
    if (!asks.forObjectsOf(shard.type.id)) return [];
    const of = `${counted(records, 'object')} of ${schema.key} / ${shard.type.name}`;
    if (!file.objects) return lost('comment', `${kind} of ${of}`, records);
    return file.objects.flatMap(([id, ofIt]) =>
      lost('comment', `${kind} of object ${id}`, ofIt).map((loss) => ({ ...loss, source: `${key} of ${id}` })),
    );
  }
  const type = schema.objectTypes.find(
    ({ attributes, objectsMeta }) => attributes === key || objectsMeta.includes(key),
  );
  const where = `${schema.key} / ${type?.name}`;
  if (type?.attributes === key) return lost('object-type', where, 1);
  if (type) return asks.forObjectsOf(type.id) ? lost('object', where, records) : [];
  const config = schemaConfigFiles.find((file) => keys.config(file) === firstName(key));
  // An icon that is needed and has no image is a loss of the step that makes it.
  if (config === undefined || config === 'icons') return [];
  const isElsewhere = ({ folder }: ManifestSchema) => source.file(schemaKeys(manifest.name, folder).config(config));
  return config.startsWith('global_') && schemas.some(isElsewhere) ? [] : lost('schema', schema.key, 1);
}
