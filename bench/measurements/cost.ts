import type { Bench } from '../bench.ts';
import { costTables } from '../cost/cost-page.ts';
import type { FigureGroup } from '../figure.ts';

/** Computes, and measures nothing: what nights and restores of three sizes take on AWS. */
export async function measureCost(_bench: Bench): Promise<FigureGroup> {
  return {
    heading: 'cost: what AWS charges for, by the counted runs in bench/cost/counted.json',
    figures: [],
    notes: costTables().split('\n'),
  };
}
