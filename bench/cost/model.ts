import { type EndpointClass, endpointClasses } from '../../core/model/request-budget.ts';
import { stepName } from '../../functions/step-list.ts';
import type { RunCount, RunKind, SiteCount, StepCount } from './counts.ts';
import { stepsInLoops } from './definitions.ts';
import { nonNegativeLeastSquares } from './least-squares.ts';
import { objectsOf, type SiteShape, sum } from './site-shape.ts';
import { childrenOf, type MapStep, slots, type Things, thingNames, thingsOf } from './things.ts';

/** What an invocation has on AWS, besides what was counted. */
export interface Functions {
  /** Seconds that it works before it hands back. */
  readonly workSeconds: number;
  /** Processor seconds of a restore's plan, for each object: counted runs take no time but for waiting. */
  readonly planObjectSeconds: number;
}

/** What each thing adds to each count, of one kind of run. */
export interface Model {
  readonly kind: RunKind;
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
    const whole = wholeThings({ shape, kind }, names);
    const steps = names.map((name) => {
      const step = stepIn(runs[kind], name);
      const children = childrenIn(name, { shape, kind }, whole);
      return { step, things: stepThings(name, children, step.invocations - children.length) };
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
    kind,
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
  const night = { shape, kind: model.kind };
  const whole = wholeThings(night, Object.keys(model.steps));
  const steps = Object.entries(model.steps).map(([name, adds]) => {
    const things = childrenIn(name, night, whole);
    const children = things.map((child) => {
      const atOnce = total(adds.seconds, child);
      const handBacks = handsBack(name) ? handBacksOf(atOnce, adds.seconds.handBacks, functions) : 0;
      return { handBacks, seconds: atOnce + handBacks * adds.seconds.handBacks };
    });
    const handBacks = sum(children.map((child) => child.handBacks));
    const all = stepThings(name, things, handBacks);
    const seconds = children.map((child) => child.seconds);
    const processor = name === planRestore ? functions.planObjectSeconds * objectsOf(shape) : 0;
    // What belongs to no child of a map.
    const besides = isMap(name) ? adds.seconds.run : processor;
    const count: StepCount = {
      ...table(['backupsA', 'backupsB', 'workA', 'workB'], (figure) => total(adds[figure], all)),
      invocations: children.length + handBacks,
      seconds: besides + sum(seconds),
      site: table(endpointClasses, (figure) => total(adds[figure], all)),
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

interface Night {
  readonly shape: SiteShape;
  readonly kind: RunKind;
}

function wholeThings({ shape, kind }: Night, names: readonly string[]): Things {
  const maps = names.filter(isMap).filter((name) => name !== 'ExportConfiguration');
  return { ...thingsOf(shape, kind), batches: sum(maps.map((name) => childrenOf[name](shape, kind).length)) };
}

/** What each child of the step's map has; where it has none, the site is its only child. */
function childrenIn(name: string, { shape, kind }: Night, whole: Things): readonly Things[] {
  return isMap(name) ? childrenOf[name](shape, kind) : [whole];
}

/** What a step has, with all its hand-backs: a map what its children have, and what it does itself. */
function stepThings(name: string, children: readonly Things[], handBacks: number): Things {
  const all = table(thingNames, (thing) => sum(children.map((child) => child[thing])));
  return { ...all, ...(isMap(name) && { run: 1 }), handBacks };
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
