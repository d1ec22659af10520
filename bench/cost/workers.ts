/** A piece of work, and how many workers are at it together. @default one */
export interface Piece {
  readonly seconds: number;
  readonly workers?: number;
}

/**
 * The time of workers of which each takes the next piece, in the order given, when it is done with the last. A piece for several
 * waits until so many are free, all of them at most, and those behind it wait too.
 * @param apart seconds between two beginnings, at least
 */
export function timeOf(pieces: readonly Piece[], workers: number, apart = 0): number {
  const busyUntil = new Array<number>(workers).fill(0);
  for (const [at, { seconds, workers: wanted = 1 }] of pieces.entries()) {
    const taken = Math.min(wanted, workers);
    busyUntil.sort((a, b) => a - b);
    const end = Math.max(at * apart, busyUntil[taken - 1] ?? 0) + seconds;
    busyUntil.fill(end, 0, taken);
  }
  return Math.max(...busyUntil);
}
