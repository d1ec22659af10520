import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root, textOf } from './source-files.ts';

const files = globSync('{core,adapters,functions,local,cli}/**/*.ts', { cwd: root }).sort();

/** A number before the many of what is counted: right for all numbers but one. `readableCount` stands where one has its own words. */
const alwaysMany = /\$\{(?!readableCount\()[^}]*\} (?:objects|object types|schemas|gaps|files|records)\b/g;

/** Sentences of a `RangeError` are for whoever has broken the program. */
const found = (text: string) =>
  text.split('\n').flatMap((line) => (line.includes('RangeError(') ? [] : (line.match(alwaysMany) ?? [])));

describe('a sentence that counts', () => {
  it('says "1 object"', () => {
    const places = files.flatMap((file) => found(textOf(file)).map((words) => `${file}: ${words}`));
    expect(places, 'Use `counted`, of core/counted.ts.').toEqual([]);
  });

  it('is found where it does not (the check can fail)', () => {
    expect(found(`\`The site counts \${expected} objects\``)).toHaveLength(1);
    expect(found(`\`all \${readableCount(count)} objects\``)).toHaveLength(0);
  });
});
