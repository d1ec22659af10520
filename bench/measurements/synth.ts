import type { Bench } from '../bench.ts';
import { type FigureGroup, units } from '../figure.ts';
import { median } from '../median.ts';
import { synthesise } from '../synth.ts';

/** How long `cdk synth` takes besides the CDK's own command: bundles of all functions, template, validation. */
export async function measureSynth({ workshop, sizes, progress }: Bench): Promise<FigureGroup> {
  const seconds: number[] = [];
  for (let turn = 1; turn <= sizes.repetitions; turn += 1) {
    progress(`synth, turn ${turn}`);
    const start = performance.now();
    await synthesise(workshop.folder());
    seconds.push((performance.now() - start) / 1000);
  }
  return {
    heading: 'synth: node infra/app.ts in a process of its own, validation included',
    figures: [{ what: `time, median of ${sizes.repetitions}`, measured: median(seconds), unit: units.seconds }],
  };
}
