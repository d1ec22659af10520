import { type EndpointClass, endpointClasses } from '../../core/model/request-budget.ts';
import { announcedAtOnce } from '../../core/restore/activity/comment-run.ts';
import { stepName } from '../../functions/step-list.ts';
import type { RunCount, RunKind, SiteCount, StepCount } from './counts.ts';
import { stepsInLoops } from './definitions.ts';
import { nonNegativeLeastSquares } from './least-squares.ts';
import { objectsOf, type SiteShape, sum } from './site-shape.ts';
import { childrenOf, type MapStep, nothing, slots, type Things, thingNames, thingsOf } from './things.ts';
import { timeOf } from './workers.ts';

/** What an invocation has on AWS, besides what was counted. */
export interface Functions {
  /** Seconds that it works before it hands back. */
  readonly workSeconds: number;
  /** Processor seconds of a restore's plan, for each object: counted runs take no time but for waiting. */
  readonly planObjectSeconds: number;
}

/** Comments of a restore, which have a budget of their own: the step that makes the objects writes them as well. */
interface Beside {
  readonly secondsAComment: number;
  /** Seconds of that step in which none is written: no object is there yet, or an invocation begins or ends. */
  readonly pauses: Things;
}

/** What each thing adds to each count, of one kind of run. */
export interface Model {
  readonly kind: RunKind;
  /** By step. */
  readonly steps: Readonly<Record<string, StepAdds>>;
  /** Of the run as a whole. */
  readonly run: Readonly<Record<RunFigure, Things>>;
  readonly beside: Beside;
}

type StepAdds = Readonly<Record<StepFigure, Things>>;
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
      const things = stepThings(name, children, step.invocations - children.length);
      return { step, things: { ...things, written: isWriter(name) ? countIn(step, 'comments') : 0 } };
    });
    const handBacks = sum(steps.map(({ things }) => things.handBacks));
    return { run: runs[kind], whole: { ...whole, handBacks }, steps };
  });
  const steps = names.map((name, index) => {
    const ofStep = counted.flatMap(({ steps }) => steps[index] ?? []);
    const rows = (figure: StepFigure) => ofStep.map(({ things }) => thingsThatTell(name, figure, things));
    const values = (figure: StepFigure) => ofStep.map(({ step }) => countIn(step, figure));
    return [name, table(stepFigures, (figure) => fitted(rows(figure), values(figure)))] as const;
  });
  const rows = counted.map(({ whole }) => ({ ...whole, waited: 0 }));
  const values = (figure: RunFigure) => counted.map(({ run }) => run[figure]);
  const adds = Object.fromEntries(steps);
  const creates = counted.flatMap(({ steps }) => steps[names.indexOf(createObjects)] ?? []);
  const secondsAComment = adds[restoreComments]?.seconds.written ?? 0;
  return {
    kind,
    steps: adds,
    run: table(runFigures, (figure) => fitted(rows, values(figure))),
    beside: {
      secondsAComment,
      pauses: fitted(
        creates.map(({ things: { run, handBacks } }) => ({ ...nothing, run, handBacks })),
        creates.map(({ step, things }) => step.seconds - secondsAComment * things.written),
      ),
    },
  };
}

/** Of what a step has, that on which a figure of it depends. */
function thingsThatTell(name: string, figure: StepFigure, things: Things): Things {
  const { run, batches, shards, handBacks, waited, written } = things;
  if (figure !== 'seconds') return { ...things, waited: 0 };
  // Whatever is side by side does not add up.
  if (name === exportObjects) return { ...nothing, run, batches, shards, handBacks, waited };
  if (name === restoreComments) return { ...nothing, run, written, handBacks };
  // It goes on beside them, whatever they take.
  return name === createObjects ? { ...things, comments: 0, written: 0 } : things;
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
  const writes = commentsWritten(model, whole, functions);
  const steps = Object.entries(model.steps).map(([name, adds]) => {
    const things = childrenIn(name, night, whole).map((child) => ({ ...child, written: writes[name] ?? 0 }));
    const children = things.map((child) => timeIn(model, name, child, functions));
    const handBacks = sum(children.map((child) => child.handBacks));
    const all = stepThings(name, things, handBacks);
    const processor = name === planRestore ? functions.planObjectSeconds * objectsOf(shape) : 0;
    // What belongs to no child of a map.
    const besides = isMap(name) ? adds.seconds.run : processor;
    const count: StepCount = {
      ...table(['backupsA', 'backupsB', 'workA', 'workB'], (figure) => total(adds[figure], all)),
      invocations: children.length + handBacks,
      seconds: besides + sum(children.map(({ seconds }) => seconds)),
      site: table(endpointClasses, (figure) => total(adds[figure], all)),
    };
    const elapsed = besides + timeOf(children, isMap(name) ? slots[name] : 1);
    return { name, count, elapsed, handBacks };
  });
  const run = { ...whole, handBacks: sum(steps.map(({ handBacks }) => handBacks)) };
  return {
    ...table(runFigures, (figure) => total(model.run[figure], run)),
    steps: Object.fromEntries(steps.map(({ name, count }) => [name, count])),
    seconds: sum(steps.map(({ elapsed }) => elapsed)),
  };
}

/** What a step, or a child of its map, takes with all its hand-backs. */
function timeIn({ steps, beside }: Model, name: string, things: Things, functions: Functions) {
  const adds = steps[name]?.seconds ?? nothing;
  // Comments that are announced are written, although time is short.
  const ending = isWriter(name) ? announcedAtOnce * beside.secondsAComment : 0;
  const atOnce = total(adds, things);
  const handBacks = handsBack(name) ? handBacksOf(atOnce, adds.handBacks, functions.workSeconds + ending) : 0;
  return { handBacks, seconds: atOnce + handBacks * adds.handBacks };
}

/** Of work that would take so many seconds in one invocation; each further one takes some for itself. */
function handBacksOf(seconds: number, forEach: number, workSeconds: number): number {
  return Math.max(0, Math.ceil((seconds - workSeconds) / Math.max(1, workSeconds - forEach)));
}

/** Comments by step, and histories as comments, of which every object has one: all the while objects are made, and then the rest. */
function commentsWritten(model: Model, whole: Things, functions: Functions): Readonly<Record<string, number>> {
  const { secondsAComment, pauses } = model.beside;
  if (secondsAComment === 0) return {};
  const { handBacks, seconds } = timeIn(model, createObjects, whole, functions);
  const all = whole.objects + whole.comments;
  const inTime = (seconds - total(pauses, { ...whole, handBacks })) / secondsAComment;
  const beside = Math.min(all, Math.max(0, inTime));
  return { [createObjects]: beside, [restoreComments]: all - beside };
}

const planRestore = stepName('plan-restore');
const exportObjects = stepName('export-objects');
const createObjects = stepName('create-objects');
const restoreComments = stepName('restore-comments');
const isWriter = (name: string) => name === createObjects || name === restoreComments;
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
