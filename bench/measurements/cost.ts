import type { Bench } from '../bench.ts';
import { costTables } from '../cost/cost-page.ts';
import type { FigureGroup } from '../figure.ts';

/** Computes, and measures nothing: what nights and restores of three sizes take on AWS. */
export async function measureCost(_bench: Bench): Promise<FigureGroup> {
  return {
    heading: 'cost: what AWS charges for, by the formula that test/bench/cost-model.test.ts holds against counted runs',
    figures: [],
    notes: costTables().split('\n'),
  };
}
