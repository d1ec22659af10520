/** What a clock on the wall shows at a moment, to the minute, written as if it were UTC. Both in milliseconds since the epoch. */
export type WallClock = (moment: number) => number;

const day = 24 * 3_600_000;

/** The clocks of a time zone of the IANA list. Throws RangeError where there is no such zone. */
export function wallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (moment) => {
    const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(parts.year ?? 0, (parts.month ?? 1) - 1, parts.day, parts.hour, parts.minute);
  };
}

/** When the clock first shows this time; undefined where a change of clocks leaves it out. */
export function momentOf(clock: WallClock, time: number): number | undefined {
  const moments = [-day, day].map((shift) => time - (clock(time + shift) - (time + shift)));
  return moments.find((moment) => clock(moment) === time);
}
