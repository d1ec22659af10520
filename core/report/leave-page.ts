import { messageOf, nameOf } from '../errors.ts';
import type { RestoreRun } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import type { PageFacts } from './page-facts.ts';
import type { ReportPage } from './report-backup.ts';

interface Shown<Result, Facts> {
  /** Of a run, by its name. */
  facts(services: Services, name: string): Promise<Facts>;
  readonly page: ReportPage<Facts>;
  /** Whether the step has ended its run. @default it has */
  isEnd?(result: Result): boolean;
}

/** Does what ends a run, and shows it on a page. The run is done: it ends as it is, whatever becomes of the page. */
export function withPage<Input extends { readonly run: RestoreRun }, Result, Facts extends PageFacts>(
  report: (services: Services, input: Input) => Promise<Result>,
  { facts: factsOf, page, isEnd = () => true }: Shown<Result, Facts>,
): (services: Services, input: Input) => Promise<Result> {
  return async (services, input) => {
    const result = await report(services, input);
    if (!isEnd(result)) return result;
    const { restore } = input.run;
    try {
      const facts = await factsOf(services, restore);
      await services.work.write(facts.pageKey, page(facts));
    } catch (error) {
      services.reporter.event('error', 'report.failed', { restore, error: nameOf(error), message: messageOf(error) });
    }
    return result;
  };
}
