import type { Services } from '../ports/services.ts';

/** What a page of a run shows, and where it is kept. */
export interface PageFacts {
  /** Where the report lies that it shows, with all other files beside it. */
  readonly where: string;
  /** Key of the page in the work store. */
  readonly pageKey: string;
  /** When the page was made (ISO 8601), and by what. */
  readonly madeAt: string;
  readonly madeBy: string;
}

/** Where and how the page of a run is made now, of a report. */
export function pageFacts(
  { work, clock, version }: Pick<Services, 'work' | 'clock' | 'version'>,
  { report, pageKey }: { readonly report: string; readonly pageKey: string },
): PageFacts {
  return {
    ...{ where: work.addressOf(report), pageKey },
    madeAt: new Date(clock.now()).toISOString(),
    madeBy: `assets-backup ${version}`,
  };
}
