import type { ActivityKind } from '../../model/activity.ts';
import type { BaseActivity } from './base-activity.ts';
import { chooseReads } from './choose-reads.ts';
import type { ObjectToPlan, TypeToPlan } from './objects-to-plan.ts';

interface Night {
  /** Upon what it builds, by the id of the schema. */
  readonly bases: ReadonlyMap<string, BaseActivity>;
  /** What the site is asked for. */
  readonly kinds: readonly ActivityKind[];
  /** Whether all is read, whatever the bases have. */
  readonly full: boolean;
  /** When it began, in milliseconds since 1970. */
  readonly start: number;
  readonly maxAgeDays: number;
}

/** Says of each object what the base has of it, and of which kinds it is read: all else is carried over. */
export function decideReads(types: readonly TypeToPlan[], night: Night): void {
  const unchanged = new Map<BaseActivity, Record<ActivityKind, ObjectToPlan[]>>();
  for (const { type, objects } of types) {
    const base = night.bases.get(type.schema.id);
    const of = (base && unchanged.get(base)) ?? { history: [], comments: [] };
    if (base) unchanged.set(base, of);
    for (const object of objects) {
      object.base = base?.object(object.id);
      for (const kind of night.kinds) {
        object[kind] = night.full || mustBeRead(object, kind, base);
        if (!object[kind]) of[kind].push(object);
        if (object.base?.[kind].missed === 'not-reached') object.isWaiting = true;
      }
    }
  }
  const times = new Map<string, number>();
  for (const [{ manifest }, of] of unchanged) {
    const { start, maxAgeDays } = night;
    const baseStart = Date.parse(manifest.startedAt);
    for (const kind of night.kinds) {
      const readOn = ({ base }: ObjectToPlan) => timeOf(base?.[kind].read ?? '', times);
      for (const object of chooseReads(of[kind], readOn, { start, baseStart, maxAgeDays })) object[kind] = true;
    }
  }
}

/** Whether the base has nothing that can be carried over, or what it has is of an object that has changed since. */
function mustBeRead(object: ObjectToPlan, kind: ActivityKind, base: BaseActivity | undefined): boolean {
  const there = object.base;
  if (!base || !there || there.digest !== object.digest) return true;
  const { read, missed, records } = there[kind];
  return read === null || missed !== undefined || (records > 0 && !base.hasFiles(kind, there, object.hash));
}

/** Few nights have read what millions of objects have. */
function timeOf(read: string, times: Map<string, number>): number {
  const known = times.get(read);
  if (known !== undefined) return known;
  const time = Date.parse(read);
  times.set(read, time);
  return time;
}
