const day = /^\d{4}-\d\d-\d\d$/;
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;
const dayMilliseconds = 86_400_000;

/**
 * A day in UTC, or a time with its zone, in milliseconds since 1970; of a day its first or its last one. Undefined where the text is
 * neither.
 */
export function pointInTime(text: string, { ofDay }: { readonly ofDay: 'beginning' | 'end' }): number | undefined {
  const time = Date.parse(text);
  if (Number.isNaN(time)) return undefined;
  if (moment.test(text)) return time;
  // There is no 31st of February, though it can be counted on to March.
  if (!day.test(text) || new Date(time).toISOString().slice(0, 10) !== text) return undefined;
  return ofDay === 'beginning' ? time : time + dayMilliseconds - 1;
}
