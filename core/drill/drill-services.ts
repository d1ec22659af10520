import type { DrillRun } from '../model/drill.ts';
import type { Services } from '../ports/services.ts';
import { DrillWork } from './drill-work.ts';
import { SampleStore } from './sample-store.ts';

/**
 * The services of a step of a restore, as a drill gives them to it: the sample is its backup, and everything that it keeps lies in the
 * drill's folder.
 */
export function drillServices(services: Services, { restore }: DrillRun): Services {
  const work = new DrillWork(services.work, restore);
  return { ...services, work, backups: new SampleStore(services.backups, work) };
}
