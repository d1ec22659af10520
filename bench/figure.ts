/** How a number is written: `1,234.50 MB`. */
export interface Unit {
  readonly name: string;
  readonly digits: number;
}

/** What a number is held against. A limit can be missed; a floor is what nothing can get below, and only shows what is left. */
export interface Bound {
  readonly kind: 'at most' | 'at least' | 'floor';
  readonly value: number;
}

/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly measured: number;
  readonly unit: Unit;
  readonly bound?: Bound;
}

/** Figures that were measured together, under one heading. */
export interface FigureGroup {
  readonly heading: string;
  readonly figures: readonly Figure[];
  /** What one has to know to read the figures, each a line. */
  readonly notes?: readonly string[];
}

export const units = {
  requestsEach: { name: 'requests/object', digits: 4 },
  requests: { name: 'requests', digits: 0 },
  objects: { name: 'objects', digits: 0 },
  requestsPerMinute: { name: 'requests/min', digits: 0 },
  refusals: { name: 'answers', digits: 0 },
  objectsPerSecond: { name: 'objects/s', digits: 0 },
  seconds: { name: 's', digits: 2 },
  minutes: { name: 'min', digits: 1 },
  milliseconds: { name: 'ms', digits: 0 },
  millisecondsExact: { name: 'ms', digits: 2 },
  bytes: { name: 'bytes', digits: 0 },
  kilobytes: { name: 'KB', digits: 0 },
  megabytes: { name: 'MB', digits: 0 },
  megabytesPerSecond: { name: 'MB/s', digits: 0 },
  percent: { name: '%', digits: 1 },
} as const satisfies Record<string, Unit>;

export function isMissed({ measured, bound }: Figure): boolean {
  switch (bound?.kind) {
    case 'at most':
      return !(measured <= bound.value);
    case 'at least':
      return !(measured >= bound.value);
    default:
      return false;
  }
}
