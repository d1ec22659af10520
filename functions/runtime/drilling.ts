import { drillServices } from '../../core/drill/drill-services.ts';
import type { DrillRun } from '../../core/model/drill.ts';
import type { Services } from '../../core/ports/services.ts';

/** A step of a restore as one of a drill: the same function, of a sample, in the drill's own folder. */
export function drilling<Input extends { readonly run: DrillRun }, Output>(
  step: (services: Services, input: Input) => Promise<Output>,
): (services: Services, input: Input) => Promise<Output> {
  return (services, input) => step(drillServices(services, input.run), input);
}
