import { type EndpointClass, endpointClasses } from '../../core/model/request-budget.ts';
import { stepName } from '../../functions/step-list.ts';
import type { RunCount, RunKind, SiteCount, StepCount } from './counts.ts';
import { stepsInLoops } from './definitions.ts';
import { nonNegativeLeastSquares } from './least-squares.ts';
import {
  childrenOf,
  type MapStep,
  objectsOf,
  type SiteShape,
  slots,
  sum,
  type Things,
  thingNames,
  thingsOf,
} from './site-shape.ts';

/** What an invocation has on AWS, besides what was counted. */
export interface Functions {
  /** Seconds that it works before it hands back. */
  readonly workSeconds: number;
  /** Processor seconds of a restore's plan, for each object: counted runs take no time but for waiting. */
  readonly planObjectSeconds: number;
}

/** What each thing adds to each count, of one kind of run. */
export interface Model {
  /** By step. */
  readonly steps: Readonly<Record<string, Readonly<Record<StepFigure, Things>>>>;
  /** Of the run as a whole. */
  readonly run: Readonly<Record<RunFigure, Things>>;
}

const stepFigures = ['seconds', 'backupsA', 'backupsB', 'workA', 'workB', ...endpointClasses] as const;
type StepFigure = (typeof stepFigures)[number];
const runFigures = ['transitions', 'files', 'bytes'] as const;
type RunFigure = (typeof runFigures)[number];

export function modelOf(kind: RunKind, counts: readonly SiteCount[]): Model {
  const names = Object.keys(counts[0]?.runs[kind].steps ?? {});
  const counted = counts.map(({ shape, runs }) => {
    const whole = wholeThings(shape, names);
    const steps = names.map((name) => {
      const step = stepIn(runs[kind], name);
      const children = childrenIn(name, shape, whole).length;
      return { step, things: stepThings(name, whole, { children, handBacks: step.invocations - children }) };
    });
    const handBacks = sum(steps.map(({ things }) => things.handBacks));
    return { run: runs[kind], whole: { ...whole, handBacks }, steps };
  });
  const steps = names.map((name, index) => {
    const ofStep = counted.flatMap(({ steps }) => steps[index] ?? []);
    const rows = ofStep.map(({ things }) => things);
    const values = (figure: StepFigure) => ofStep.map(({ step }) => countIn(step, figure));
    return [name, table(stepFigures, (figure) => fitted(rows, values(figure)))] as const;
  });
  const rows = counted.map(({ whole }) => whole);
  const values = (figure: RunFigure) => counted.map(({ run }) => run[figure]);
  return {
    steps: Object.fromEntries(steps),
    run: table(runFigures, (figure) => fitted(rows, values(figure))),
  };
}

/** By relative errors tempered by size: small sites tell what is there anyway, large ones what it grows by. */
function fitted(rows: readonly Things[], values: readonly number[]): Things {
  const weights = values.map((value) => 1 / Math.sqrt(Math.max(1, value)));
  const parts = nonNegativeLeastSquares(
    rows.map((row, index) => thingNames.map((name) => row[name] * (weights[index] ?? 1))),
    values.map((value, index) => value * (weights[index] ?? 1)),
  );
  return table(thingNames, (_, index) => parts[index] ?? 0);
}

/** What a run would count on such a site. */
export function foretell(model: Model, shape: SiteShape, functions: Functions): RunCount {
  const whole = wholeThings(shape, Object.keys(model.steps));
  const steps = Object.entries(model.steps).map(([name, adds]) => {
    const children = childrenIn(name, shape, whole).map((child) => {
      const atOnce = total(adds.seconds, child);
      const handBacks = handsBack(name) ? handBacksOf(atOnce, adds.seconds.handBacks, functions) : 0;
      return { handBacks, seconds: atOnce + handBacks * adds.seconds.handBacks };
    });
    const handBacks = sum(children.map((child) => child.handBacks));
    const things = stepThings(name, whole, { children: children.length, handBacks });
    const seconds = children.map((child) => child.seconds);
    const processor = name === planRestore ? functions.planObjectSeconds * objectsOf(shape) : 0;
    // What belongs to no child of a map.
    const besides = isMap(name) ? adds.seconds.run : processor;
    const count: StepCount = {
      ...table(['backupsA', 'backupsB', 'workA', 'workB'], (figure) => total(adds[figure], things)),
      invocations: children.length + handBacks,
      seconds: besides + sum(seconds),
      site: table(endpointClasses, (figure) => total(adds[figure], things)),
    };
    const elapsed = besides + (isMap(name) ? slowestWorker(seconds, slots[name]) : sum(seconds));
    return { name, count, elapsed, handBacks };
  });
  const run = { ...whole, handBacks: sum(steps.map(({ handBacks }) => handBacks)) };
  return {
    ...table(runFigures, (figure) => total(model.run[figure], run)),
    steps: Object.fromEntries(steps.map(({ name, count }) => [name, count])),
    seconds: sum(steps.map(({ elapsed }) => elapsed)),
  };
}

/** The time of workers of which each takes the next piece, in the order given, when it is done with the last. */
export function slowestWorker(pieces: readonly number[], workers: number): number {
  const busyUntil = new Array<number>(workers).fill(0);
  for (const piece of pieces) {
    const next = busyUntil.indexOf(Math.min(...busyUntil));
    busyUntil[next] = (busyUntil[next] ?? 0) + piece;
  }
  return Math.max(...busyUntil);
}

/** Of work that would take so many seconds in one invocation; each further one takes some for itself. */
function handBacksOf(seconds: number, forEach: number, { workSeconds }: Functions): number {
  return Math.max(0, Math.ceil((seconds - workSeconds) / Math.max(1, workSeconds - forEach)));
}

const planRestore = stepName('plan-restore');
/** The plan itself is made in one invocation; what goes round is the reading of a target that is not empty. */
const handsBack = (name: string) => stepsInLoops.has(name) && name !== planRestore;
const isMap = (name: string): name is MapStep => name in slots;

function wholeThings(shape: SiteShape, names: readonly string[]): Things {
  const maps = names.filter(isMap).filter((name) => name !== 'ExportConfiguration');
  return { ...thingsOf(shape), batches: sum(maps.map((name) => childrenOf[name](shape).length)) };
}

/** What each child of the step's map has; where it has none, the site is its only child. */
function childrenIn(name: string, shape: SiteShape, whole: Things): readonly Things[] {
  return isMap(name) ? childrenOf[name](shape) : [whole];
}

/** What a step has, with all its hand-backs. */
function stepThings(
  name: string,
  whole: Things,
  { children, handBacks }: { readonly children: number; readonly handBacks: number },
): Things {
  return { ...whole, ...(isMap(name) && { batches: children }), handBacks };
}

function stepIn({ steps }: RunCount, name: string): StepCount {
  const step = steps[name];
  if (!step) throw new Error(`A run was counted that has no step ${name}.`);
  return step;
}

function countIn({ site, ...step }: StepCount, figure: StepFigure): number {
  return figure in step ? step[figure as keyof typeof step] : (site[figure as EndpointClass] ?? 0);
}

function total(adds: Things, things: Things): number {
  return sum(thingNames.map((name) => adds[name] * things[name]));
}

function table<Name extends string, Value>(
  names: readonly Name[],
  value: (name: Name, index: number) => Value,
): Record<Name, Value> {
  return Object.fromEntries(names.map((name, index) => [name, value(name, index)])) as Record<Name, Value>;
}
