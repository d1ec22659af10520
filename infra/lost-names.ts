/**
 * What the CDK's command leaves out of `cdk.json` before the app sees it, so that nobody pollutes a prototype (`deepMerge` of
 * aws-cdk 2.1148.1). Valibot leaves the same out of a record.
 */
const lostNames = ['constructor', 'prototype', '__proto__'];

/** The place of the first thing in it that would be lost by its name; undefined where nothing is. */
export function lostName(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inside] of Object.entries(value)) {
    if (lostNames.includes(name)) return [name];
    const further = lostName(inside);
    if (further) return [name, ...further];
  }
  return undefined;
}
