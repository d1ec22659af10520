import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, textOf } from './source-files.ts';

/** The simulator has the API's names, as a site's would. */
const files = globSync(
  '{core,adapters,functions,local,deployed,pages,browse,packaging,cli,infra,schedule,validation}/**/*.ts',
  {
    cwd: root,
  },
).sort();
const exportOf =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm;

/** Every step's file exports its step by this name. */
const agreed: ReadonlySet<string> = new Set(['step']);

/** Where each exported name stands. */
function places(text: (file: string) => string, of: readonly string[] = files): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of of) {
    for (const [, name = ''] of text(file).matchAll(exportOf))
      found.set(name, (found.get(name) ?? new Set()).add(file));
  }
  return new Map([...found].map(([name, where]) => [name, [...where]]));
}

const twice = (found: Map<string, string[]>) =>
  [...found].flatMap(([name, where]) =>
    where.length > 1 && !agreed.has(name) ? [`${name}: ${where.join(', ')}`] : [],
  );

describe('an exported name', () => {
  it('means one thing', () => {
    const found = places(textOf);
    expect(found.get('step')?.length).toBeGreaterThan(10);
    expect(twice(found), 'Name each for what it is; an import under another name only hides it.').toEqual([]);
  });

  it('is found in every form (the check can fail)', () => {
    const forms = [
      'const',
      'function',
      'async function',
      'async function*',
      'class',
      'abstract class',
      'interface',
      'type',
    ];
    const found = places((file) => `export ${file} Same {}`, forms);
    expect(twice(found)).toEqual([`Same: ${forms.join(', ')}`]);
  });

  it('is exported where it stands', () => {
    const passedOn = files.filter((file) => /^export (\{|\*|type \{)/m.test(textOf(file)));
    expect(passedOn, 'A file that passes a name on is one more place to look.').toEqual([]);
  });
});

describe("a file's name", () => {
  /** Files of one folder of the product whose names are the same words in another order. */
  const mirrored = (of: readonly string[]) => {
    const wordsOf = (file: string) => basename(file, '.ts').split('-').sort().join(' ');
    const groups = Map.groupBy(of, (file) => `${file.split('/')[0]} ${wordsOf(file)}`);
    return [...groups.values()].filter((alike) => new Set(alike.map((file) => basename(file))).size > 1);
  };

  it('is not the mirror of another one', () => {
    expect(mirrored(files), 'Whoever looks for one of them opens the other first.').toEqual([]);
  });

  it('would be found to be (the check can fail)', () => {
    const [a, b] = ['core/restore/attribute-plan.ts', 'core/restore/plan/plan-attribute.ts'];
    expect(mirrored([a, b, 'core/restore/plan-items.ts', 'cli/plan-attribute.ts'])).toEqual([[a, b]]);
  });
});
