/** Functions that expressions can call: JSONata's own that give the same here as on AWS, and $parse. */
export const FUNCTION_NAMES: ReadonlySet<string> = new Set(
  `sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match
  contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power
  boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert
  type sort distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl toMillis
  fromMillis clone parse`.split(/\s+/),
);

/**
 * Functions of Step Functions that are refused on loading: no definition of ours needs them, and time and chance would be
 * those of this machine instead of the host's.
 */
export const REFUSED_FUNCTION_NAMES: ReadonlySet<string> = new Set([
  'partition',
  'range',
  'hash',
  'uuid',
  'random',
  'shuffle',
  'now',
  'millis',
  // Step Functions does not have it.
  'eval',
]);

/** What Step Functions adds to JSONata, of that which can be called. */
export const STATES_FUNCTIONS = {
  parse(text: unknown): unknown {
    if (text === undefined) return undefined;
    if (typeof text !== 'string') throw new TypeError('$parse takes text.');
    return JSON.parse(text);
  },
};
