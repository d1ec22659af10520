import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import type { MachineHost } from './machine-host.ts';

/** Functions that Step Functions adds to JSONata's own. */
export const STATES_FUNCTION_NAMES: ReadonlySet<string> = new Set([
  'partition',
  'range',
  'hash',
  'random',
  'uuid',
  'parse',
]);

/** JSONata's own functions, but for $eval, which Step Functions does not have. */
export const JSONATA_FUNCTION_NAMES: ReadonlySet<string> = new Set(
  `sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match
  contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power
  random boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert
  type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl toMillis
  fromMillis clone now millis`.split(/\s+/),
);

const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** A number that $random makes of a seed: always the same one (mulberry32), though not the one that AWS would make. */
function randomFromSeed(seed: number): number {
  const mixed = (Math.trunc(seed) + 0x6d2b79f5) | 0;
  const first = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  const second = first ^ (first + Math.imul(first ^ (first >>> 7), first | 61));
  return ((second ^ (second >>> 14)) >>> 0) / 2 ** 32;
}

function wholeNumber(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${what} must be a whole number.`);
  return value as number;
}

function partition(array: unknown, size: unknown): unknown[][] | undefined {
  if (array === undefined) return undefined;
  const length = wholeNumber(size, 'The size given to $partition');
  if (length < 1) throw new RangeError('The size given to $partition must be at least 1.');
  const items = Array.isArray(array) ? array : [array];
  return Array.from({ length: Math.ceil(items.length / length) }, (_, part) =>
    items.slice(part * length, (part + 1) * length),
  );
}

function range(first: unknown, last: unknown, step: unknown): number[] {
  const from = wholeNumber(first, 'The start given to $range');
  const to = wholeNumber(last, 'The end given to $range');
  const by = wholeNumber(step, 'The step given to $range');
  if (by === 0) throw new RangeError('The step given to $range must not be 0.');
  return Array.from({ length: Math.max(0, Math.floor((to - from) / by) + 1) }, (_, index) => from + index * by);
}

function hash(text: unknown, algorithm: unknown): string | undefined {
  if (text === undefined) return undefined;
  const name = HASHES[String(algorithm)];
  if (typeof text !== 'string') throw new TypeError('$hash takes text.');
  if (name === undefined) throw new RangeError(`$hash knows ${Object.keys(HASHES).join(', ')}, not ${algorithm}.`);
  return createHash(name).update(text).digest('hex');
}

function parse(text: unknown): unknown {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw new TypeError('$parse takes text.');
  return JSON.parse(text);
}

/** Values for expressions to call by name; `$now` and `$millis` go by the host's clock instead of the real one. */
export type StatesFunctions = Readonly<Record<string, (...values: never[]) => unknown>>;

const formatTime = jsonata('$fromMillis($time, $picture, $timezone)');

/** The functions bound to one host. */
export function statesFunctions({
  clock,
  random = Math.random,
}: Pick<MachineHost, 'clock' | 'random'>): StatesFunctions {
  return {
    partition,
    range,
    hash,
    parse,
    random: (seed?: number) => (seed === undefined ? random() : randomFromSeed(seed)),
    uuid: () => randomUUID(),
    millis: () => clock.now(),
    now: (picture?: string, timezone?: string) =>
      formatTime.evaluate(undefined, { time: clock.now(), picture, timezone }),
  };
}
