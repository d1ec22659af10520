import { type EndpointClass, endpointClasses } from '../../core/model/request-budget.ts';
import { functionNeeds } from '../../functions/function-needs.ts';
import { type StepFile, stepName } from '../../functions/step-list.ts';
import type { RunCount, StepCount } from './counts.ts';
import { sum } from './site-shape.ts';

/** What a run takes in all, counted or foretold. `A` and `B` are the classes of S3's price list: PUT and LIST; GET. */
export interface RunTotals extends Pick<RunCount, 'seconds' | 'transitions' | 'files' | 'bytes'> {
  readonly invocations: number;
  readonly gigabyteSeconds: number;
  readonly siteRequests: number;
  readonly backupsA: number;
  readonly backupsB: number;
  readonly workA: number;
  readonly workB: number;
}

export function totalsOf({ steps, seconds, transitions, files, bytes }: RunCount): RunTotals {
  const counts = Object.entries(steps);
  const of = (figure: Exclude<keyof StepCount, 'site'>) => sum(counts.map(([, step]) => step[figure]));
  return {
    seconds,
    transitions,
    files,
    bytes,
    invocations: of('invocations'),
    gigabyteSeconds: sum(counts.map(([name, step]) => step.seconds * gigabytesOf(name))),
    siteRequests: sum(endpointClasses.map((name) => requestsOf(name, { steps }))),
    backupsA: of('backupsA'),
    backupsB: of('backupsB'),
    workA: of('workA'),
    workB: of('workB'),
  };
}

/** Requests of one class to the site. */
export function requestsOf(name: EndpointClass, { steps }: Pick<RunCount, 'steps'>): number {
  return sum(Object.values(steps).map(({ site }) => site[name] ?? 0));
}

function gigabytesOf(name: string): number {
  const [file] = Object.keys(functionNeeds).filter((each) => stepName(each as StepFile) === name);
  return functionNeeds[file as StepFile].memoryMegabytes / 1024;
}
