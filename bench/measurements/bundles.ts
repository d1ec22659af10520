import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { type Figure, type FigureGroup, units } from '../figure.ts';
import { median } from '../median.ts';
import type { ImportedBundle, ImportInput } from '../processes/import-bundle.ts';
import { synthesise } from '../synth.ts';

const mostKilobytes = 800;
const mostMilliseconds = 150;
/** Imports are short, and a single one says little. */
const importsEach = 5;

/** The code of every function as it is uploaded: its size, and how long a new container takes to import it. */
export async function measureBundles({ workshop, sizes, progress }: Bench): Promise<FigureGroup> {
  progress('bundles of all functions');
  const folder = workshop.folder();
  await synthesise(folder);
  const bundles = join(folder, 'bundles');
  const functions = readdirSync(bundles).sort();
  if (functions.length === 0) throw new Error(`The synth left no bundles in ${bundles}.`);
  const figures: Figure[] = [];
  const imports: Figure[] = [];
  for (const name of functions) {
    const file = join(bundles, name, 'index.mjs');
    const milliseconds: number[] = [];
    const turns = sizes.repetitions === 1 ? 3 : importsEach;
    for (let turn = 1; turn <= turns; turn += 1) {
      milliseconds.push(
        (await workshop.run<ImportedBundle>('import-bundle', { file } satisfies ImportInput)).milliseconds,
      );
    }
    figures.push({
      what: `${name}: size`,
      measured: statSync(file).size / 1000,
      unit: units.kilobytes,
      bound: { kind: 'at most', value: mostKilobytes },
    });
    imports.push({
      what: `${name}: import, median of ${turns}`,
      measured: median(milliseconds),
      unit: units.milliseconds,
      bound: { kind: 'at most', value: mostMilliseconds },
    });
  }
  return {
    heading: 'bundles: index.mjs of every function, imported by a new Node process each time',
    figures: [...figures, ...imports],
    notes: ['size: without the source map, which lies beside it and is read only to print an error'],
  };
}
