import { isDeepStrictEqual } from 'node:util';
import { type Kind, kinds, type ReadNight } from './night-reader.ts';

/** What the site had of history and comments when a backup was made; by object, none where it had none. */
export type ActivityThen = Readonly<Record<Kind, ReadonlyMap<string, readonly unknown[]>>>;

export interface Moment {
  /** All of it, read at the same moment. */
  readonly full: ReadNight;
  /** By the start of each run so far, this one too. */
  readonly siteAt: ReadonlyMap<string, ActivityThen>;
}

const millisecondsADay = 86_400_000;

/**
 * In what a night differs from a full backup of the same moment, as sentences; none where it is equal, but for history and comments
 * of which its list says an older date: these have to be younger than the age, and just what the site had at that date.
 */
export function nightDifferences(night: ReadNight, { full, siteAt }: Moment): string[] {
  const { manifest } = night;
  const found = [...night.faults, ...full.faults.map((fault) => `full backup: ${fault}`)];
  if (manifest.formatVersion !== 2) found.push(`it is of format ${manifest.formatVersion}`);
  for (const field of ['status', 'gaps', 'counts'] as const) {
    const [mine, others] = [comparable(night, field), comparable(full, field)];
    if (!isDeepStrictEqual(mine, others)) found.push(`${field} is ${text(mine)}, not ${text(others)}`);
  }
  found.push(
    ...mapDifferences('object', night.objects, full.objects),
    ...mapDifferences('file', night.files, full.files),
    ...mapDifferences('schema', schemasOf(night), schemasOf(full)),
  );
  for (const kind of kinds) {
    for (const id of full.objects.keys()) found.push(...activityDifferences(night, { full, siteAt }, kind, id));
  }
  return found;
}

function activityDifferences(night: ReadNight, { full, siteAt }: Moment, kind: Kind, id: string): string[] {
  const { startedAt, options } = night.manifest;
  const read = night.lines.get(id)?.[kind].read ?? null;
  const what = `${kind} of ${id}`;
  if (read === null) return [`${what} were never read`];
  const mine = night[kind].get(id) ?? [];
  const age = Date.parse(startedAt) - Date.parse(read);
  const found: string[] = [];
  const mayBeOld = !options.full && options.activityMaxAgeDays > 0;
  if (age < 0) found.push(`${what} were read in the future, on ${read}`);
  if (age > (mayBeOld ? options.activityMaxAgeDays * millisecondsADay : 0))
    found.push(`${what} are too old, of ${read}`);
  const thenHad = siteAt.get(read)?.[kind].get(id) ?? [];
  if (!siteAt.has(read)) found.push(`${what} were read on ${read}, when there was no backup`);
  else if (!isDeepStrictEqual(mine, thenHad))
    found.push(`${what} are ${text(mine)}, and were ${text(thenHad)} on ${read}`);
  // What was read tonight has to be what is there now, by the full backup's own reading.
  if (age === 0 && !isDeepStrictEqual(mine, full[kind].get(id) ?? []))
    found.push(`${what} are ${text(mine)}, not ${text(full[kind].get(id) ?? [])}, and were read tonight`);
  return found;
}

/** Counts of activity follow its age, and the layout makes other files. */
const ofActivity: ReadonlySet<string> = new Set(['historyEntries', 'comments', 'files', 'bytes']);

function comparable({ manifest }: ReadNight, field: 'status' | 'gaps' | 'counts'): unknown {
  if (field !== 'counts') return manifest[field];
  return Object.fromEntries(Object.entries(manifest.counts).filter(([name]) => !ofActivity.has(name)));
}

/** Without what a schema was built upon, and with the keys of files as they are within the backup. */
function schemasOf({ manifest }: ReadNight): Map<string, unknown> {
  return new Map(
    manifest.schemas.map(({ base: _, objectTypes, ...schema }) => {
      const types = objectTypes.map(({ activity: _, ...type }) => type);
      const texts = JSON.stringify({ ...schema, objectTypes: types }).replaceAll(`"${manifest.name}/`, '"');
      return [schema.id, JSON.parse(texts) as unknown];
    }),
  );
}

function mapDifferences(
  what: string,
  mine: ReadonlyMap<string, unknown>,
  others: ReadonlyMap<string, unknown>,
): string[] {
  return [...new Set([...mine.keys(), ...others.keys()])].flatMap((key) => {
    if (!mine.has(key)) return [`${what} ${key} is missing`];
    if (!others.has(key)) return [`${what} ${key} is too much`];
    const [value, other] = [mine.get(key), others.get(key)];
    return isDeepStrictEqual(value, other) ? [] : [`${what} ${key} is ${text(value)}, not ${text(other)}`];
  });
}

const text = (value: unknown) => JSON.stringify(value)?.slice(0, 300);
