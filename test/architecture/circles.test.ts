import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importsOf, pathOf, root } from './source-files.ts';

const files = globSync(
  '{core,adapters,functions,local,deployed,pages,browse,packaging,cli,infra,schedule,validation,simulator,demo,bench}/**/*.ts',
  {
    cwd: root,
  },
).sort();

const ours = (file: string) =>
  importsOf(file).flatMap((target) => (target.startsWith('.') ? [pathOf(file, target)] : []));

/** A way along imports that comes back to where it began, by the names of its files; undefined where there is none. */
function circle(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const way: string[] = [];
  const follow = (file: string): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    way.push(file);
    for (const next of imports.get(file) ?? []) {
      const found = follow(next);
      if (found) return found;
    }
    way.pop();
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const found = follow(file);
    if (found) return found;
  }
  return undefined;
}

describe('files', () => {
  it('import each other in no circle', () => {
    const imports = new Map(files.map((file) => [file, ours(file)]));
    expect([...imports.values()].flat().filter((target) => imports.has(target)).length).toBeGreaterThan(500);
    expect(circle(imports)?.join(' → '), 'Let one of them hand over what the other needs.').toBeUndefined();
  });

  it('would be found in one (the check can fail)', () => {
    const imports = new Map([
      ['a', ['b', 'c']],
      ['b', ['c']],
      ['c', ['d']],
      ['d', ['b']],
    ]);
    expect(circle(imports)).toEqual(['b', 'c', 'd', 'b']);
    expect(circle(new Map([...imports].filter(([file]) => file !== 'd')))).toBeUndefined();
  });
});
