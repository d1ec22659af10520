import { isDeepStrictEqual } from 'node:util';
import { type Kind, kinds, type ReadNight } from './night-reader.ts';

/** What the site had of history and comments when a backup was made; by object, none where it had none. */
export type ActivityThen = Readonly<Record<Kind, ReadonlyMap<string, readonly unknown[]>>>;

export interface Moment {
  /** All of it, read at the same moment. */
  readonly full: ReadNight;
  /** By the start of each run so far, this one too. */
  readonly siteAt: ReadonlyMap<string, ActivityThen>;
  /** Whether the site did not give all that was asked for, or there was no time for all of it. */
  readonly isTroubled?: boolean;
  /** The night before, where it was one of the same schemas and with activity: what it has missed is read by this one. */
  readonly before?: ReadNight | undefined;
}

const millisecondsADay = 86_400_000;

/**
 * In what a night differs from a full backup of the same moment, as sentences; none where it is equal, but for history and comments
 * of which its list says an older date: these have to be younger than the age, and just what the site had at that date. What a
 * troubled night has missed may be of any age, or be there not at all, where a gap counts it.
 */
export function nightDifferences(night: ReadNight, moment: Moment): string[] {
  const { manifest } = night;
  const { full, isTroubled = false } = moment;
  const found = [...night.faults, ...full.faults.map((fault) => `full backup: ${fault}`)];
  if (manifest.formatVersion !== 2) found.push(`it is of format ${manifest.formatVersion}`);
  if (isTroubled) found.push(...gapDifferences(night));
  for (const field of ['status', 'gaps', 'counts'] as const) {
    const [mine, others] = [comparable(night, field, isTroubled), comparable(full, field, isTroubled)];
    if (!isDeepStrictEqual(mine, others)) found.push(`${field} is ${text(mine)}, not ${text(others)}`);
  }
  found.push(
    ...mapDifferences('object', night.objects, full.objects),
    ...mapDifferences('file', night.files, full.files),
    ...mapDifferences('schema', schemasOf(night), schemasOf(full)),
  );
  for (const kind of manifest.options.activity ? kinds : []) {
    for (const id of full.objects.keys()) found.push(...activityDifferences(night, moment, kind, id));
  }
  return found;
}

function activityDifferences(night: ReadNight, moment: Moment, kind: Kind, id: string): string[] {
  const { full, siteAt, isTroubled = false, before } = moment;
  const { startedAt, options } = night.manifest;
  const { read = null, missed } = night.lines.get(id)?.[kind] ?? {};
  const what = `${kind} of ${id}`;
  const found: string[] = [];
  if (missed !== undefined && !isTroubled) found.push(`${what} are missed (${missed}) without a cause`);
  if (before?.lines.get(id)?.[kind].missed !== undefined && missed === undefined && read !== startedAt)
    found.push(`${what} were missed the night before, and are not read`);
  if (read === null) return missed === undefined ? [...found, `${what} were never read`] : found;
  const mine = night[kind].get(id) ?? [];
  const age = Date.parse(startedAt) - Date.parse(read);
  const mayBeOld = !options.full && options.activityMaxAgeDays > 0;
  if (age < 0) found.push(`${what} were read in the future, on ${read}`);
  if (missed === undefined && age > (mayBeOld ? options.activityMaxAgeDays * millisecondsADay : 0))
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

/** These follow what was missed as well. */
const ofReads: ReadonlySet<string> = new Set(['historyRead', 'commentsRead']);

function comparable({ manifest }: ReadNight, field: 'status' | 'gaps' | 'counts', isTroubled: boolean): unknown {
  if (field !== 'counts') return isTroubled ? undefined : manifest[field];
  const counts = Object.entries(manifest.counts);
  return Object.fromEntries(counts.filter(([name]) => !ofActivity.has(name) && !(isTroubled && ofReads.has(name))));
}

/** The gaps say of how many objects something was missed, of how many an older copy is kept, and how old the oldest is. */
function gapDifferences({ manifest, lines }: ReadNight): string[] {
  const wanted = kinds.map((kind) => {
    const missed = [...lines.values()].map((line) => line[kind]).filter((state) => state.missed !== undefined);
    const older = missed.flatMap(({ read }) => read ?? []);
    return { kind, missed: missed.length, older: older.length, oldest: older.sort()[0] ?? null };
  });
  const told = kinds.map((kind) => {
    const gaps = manifest.gaps.filter((gap) => gap.kind === kind);
    const carried = gaps.flatMap((gap) => gap.carried ?? []);
    return {
      kind,
      // One that names neither an object nor how many is of all: the site refuses the whole kind.
      missed: gaps.reduce(
        (sum, { objects, objectId }) => sum + (objects ?? (objectId === undefined ? lines.size : 1)),
        0,
      ),
      older: carried.reduce((sum, { objects }) => sum + objects, 0),
      oldest: carried.map(({ oldest }) => oldest).sort()[0] ?? null,
    };
  });
  const found = isDeepStrictEqual(told, wanted) ? [] : [`its gaps tell of ${text(told)}, its lines of ${text(wanted)}`];
  const others = manifest.gaps.filter(({ kind }) => !kinds.includes(kind as Kind));
  if (others.length > 0) found.push(`it has the gaps ${text(others)}`);
  const status = wanted.some(({ missed }) => missed > 0) ? 'complete-with-gaps' : 'complete';
  return manifest.status === status ? found : [...found, `it is ${manifest.status}, not ${status}`];
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
