const millisecondsADay = 86_400_000;

/** Whole days from now until a day (`2027-01-31`, in UTC) begins; negative once it has begun. */
export function daysUntil(day: string, now: number): number {
  return Math.floor((Date.parse(day) - now) / millisecondsADay);
}
