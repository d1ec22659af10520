import type { Measure, MeasuredCounts } from '../../model/loss-alarm.ts';

/** How many objects fewer a backup has than each measure, 0 where it has as many or more; null where there is no such measure. */
export function lostSince(measured: readonly MeasuredCounts[]) {
  const since = (measure: Measure) => {
    const counts = measured.find((one) => one.measure === measure);
    return counts && counts.against !== null ? Math.max(0, counts.before - counts.now) : null;
  };
  return {
    objectsLostSinceLast: since('last'),
    objectsLostSinceWeek: since('week'),
    objectsLostSinceMonth: since('month'),
  };
}
