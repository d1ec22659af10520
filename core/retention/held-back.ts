import { counted } from '../counted.ts';
import { counts } from '../model/outcome.ts';
import type { KnownBackup } from './known-backup.ts';

/** What may keep a site's backups from being deleted, all of them. */
export interface HoldingBack {
  readonly now: number;
  /** A newest backup that is older is late. */
  readonly lateAfterHours: number;
  /** Schemas that the schedule backs up, null for every one; undefined where no schedule is known. */
  readonly scheduled: readonly string[] | null | undefined;
  /** Names of folders that look newer than they can be judged: their manifests cannot be read. */
  readonly unreadable: readonly string[];
  /** Workspaces of which a backup runs now. */
  readonly running: ReadonlySet<string>;
}

/** A night and a day: between two nights somebody may have made another one by hand, of less. */
const twoDays = 2 * 86_400_000;
const hour = 3_600_000;

/**
 * Why none of a site's backups is deleted now, in a sentence that says what to do; null where nothing is in the way. As long as the
 * newest is not as it should be, an older one may be what is needed.
 * @param newestFirst those that were made here, partial ones too
 */
export function heldBack(newestFirst: readonly KnownBackup[], holding: HoldingBack): string | null {
  const { now, lateAfterHours, unreadable, running } = holding;
  const [newest] = newestFirst;
  if (!newest) return null;
  if (running.has(newest.site))
    return 'a backup of this site runs, which may carry over what an older one has. Wait for its end.';
  const stranger = unreadable
    .filter((name) => name > newest.name)
    .sort()
    .at(-1);
  if (stranger !== undefined)
    return `the newest, ${stranger}, cannot be read: \`assets-backup list\` says why. Make another backup.`;
  const night = newestFirst.find((one) => isNight(one, newestFirst, holding));
  if (!night) return 'no backup has all schemas that the schedule backs up. Make one.';
  for (const one of newestOfSomething(newestFirst.slice(0, newestFirst.indexOf(night) + 1))) {
    if (!counts(one.status)) return `${nameOf(one, newest)} is partial. Mend the cause, and make another backup.`;
    if (one.isSuspicious)
      return `${nameOf(one, newest)} is suspicious. Look at it (\`assets-backup show\`, \`diff\`), then accept it, or bring back what is lost and make another backup.`;
  }
  const hours = (now - Date.parse(night.finishedAt)) / hour;
  if (hours > lateAfterHours)
    return `the newest backup, ${night.name}, is late: it ended more than ${counted(Math.floor(hours), 'hour')} ago, and ${counted(lateAfterHours, 'hour')} are the most. Find out why there is no newer one, and make it.`;
  return null;
}

const nameOf = ({ name }: KnownBackup, newest: KnownBackup) =>
  name === newest.name ? `the newest backup, ${name},` : `${name}, the newest of its schemas,`;

/**
 * Whether it was made of all that a night is made of. Where no schedule says what that is, it is one unless another one of more was
 * begun in the two days before it.
 */
function isNight(one: KnownBackup, all: readonly KnownBackup[], { scheduled }: HoldingBack): boolean {
  if (scheduled !== undefined) return covers(one, scheduled);
  const began = Date.parse(one.startedAt);
  return !all.some((other) => {
    const before = began - Date.parse(other.startedAt);
    return (
      before >= 0 && before <= twoDays && covers(other, one.objectSchemaKeys) && !covers(one, other.objectSchemaKeys)
    );
  });
}

/** Whether it was made of all these schemas; null: of every one. */
export function covers({ objectSchemaKeys: own }: KnownBackup, keys: readonly string[] | null): boolean {
  return own === null || keys?.every((key) => own.includes(key)) === true;
}

/** The newest of all, and of each schema that is in one of them. */
function newestOfSomething(newestFirst: readonly KnownBackup[]): KnownBackup[] {
  const seen = new Set<string>();
  return newestFirst.filter(({ schemas }, index) => {
    const first = schemas.filter(({ id }) => !seen.has(id));
    for (const { id } of first) seen.add(id);
    return index === 0 || first.length > 0;
  });
}
