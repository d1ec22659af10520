import type { DrillRun } from '../model/drill.ts';
import type { Services } from '../ports/services.ts';
import { DrillWork } from './drill-work.ts';

/** The services of a step of a restore, as a drill gives them to it: everything that it keeps lies in the drill's folder. */
export function drillServices(services: Services, { restore }: DrillRun): Services {
  return { ...services, work: new DrillWork(services.work, restore) };
}
