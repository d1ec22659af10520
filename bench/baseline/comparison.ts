import { type Unit, units } from '../figure.ts';
import { median } from '../median.ts';
import type { Usage } from './timed-command.ts';

/** Whose figure another one is a multiple of. */
export type Against = 'baseline' | 'bare';

/** What is to be reached: at most so many times the figure of another, or so much. */
export type Target = { readonly of: Against; readonly atMost: number } | { readonly atMost: number };

/** What is to be reached of what a command takes. */
export type Targets = { readonly [Figure in keyof Usage]?: Target };

/** One line of the table: what was measured of each of the three. */
export interface ComparedFigure {
  readonly what: string;
  readonly unit: Unit;
  readonly today: number;
  /** Missing where there is nothing to compare with. */
  readonly baseline?: number;
  readonly bare?: number;
  readonly target?: Target;
}

/** What was compared in one row of the issue, under one heading. */
export interface Comparison {
  readonly heading: string;
  readonly figures: readonly ComparedFigure[];
  /** What the bare loop does, and what is left: each a line. */
  readonly notes: readonly string[];
}

export function ratioTo(of: Against, { today, ...figure }: ComparedFigure): number | undefined {
  const other = figure[of];
  return other === undefined ? undefined : today / other;
}

/** Undefined where nothing is to be reached. A figure that is no number has missed its target. */
export function isReached(figure: ComparedFigure): boolean | undefined {
  const { target, today } = figure;
  if (!target) return undefined;
  const measured = 'of' in target ? ratioTo(target.of, figure) : today;
  return measured !== undefined && measured <= target.atMost;
}

/** What took part, in the order in which they take turns. */
export type Sides<Name extends string> = Readonly<Record<Name, () => Promise<Usage>>>;

/** Runs all sides one after the other, and that so many times, and gives the median of each of their figures. */
export async function interleaved<Name extends string>(
  turns: number,
  sides: Sides<Name>,
): Promise<Readonly<Record<Name, Usage>>> {
  const names = Object.keys(sides) as Name[];
  const measured = new Map(names.map((name) => [name, [] as Usage[]]));
  for (let turn = 1; turn <= turns; turn += 1) {
    for (const name of names) measured.get(name)?.push(await sides[name]());
  }
  const medians = names.map((name) => [name, medianUsage(measured.get(name) ?? [])] as const);
  return Object.fromEntries(medians) as Record<Name, Usage>;
}

function medianUsage(usages: readonly Usage[]): Usage {
  const of = (figure: keyof Usage) => median(usages.map((usage) => usage[figure]));
  return { seconds: of('seconds'), cpuSeconds: of('cpuSeconds'), peakMegabytes: of('peakMegabytes') };
}

/** Time, processor time and memory of the three; what is to be reached is said of one of them. */
export function usageFigures(
  { baseline, today, bare }: Readonly<Record<'today', Usage> & Partial<Record<Against, Usage>>>,
  targets: Targets,
): ComparedFigure[] {
  const figures = [
    ['seconds', 'time', units.seconds],
    ['cpuSeconds', 'CPU time, of all processes and threads', units.seconds],
    ['peakMegabytes', 'peak memory, of the largest process', units.megabytes],
  ] as const;
  return figures.map(([name, what, unit]) => ({
    what,
    unit,
    today: today[name],
    ...(baseline && { baseline: baseline[name] }),
    ...(bare && { bare: bare[name] }),
    ...(targets[name] && { target: targets[name] }),
  }));
}
