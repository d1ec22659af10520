import { countSite } from '../cost/count-site.ts';
import type { CountedSite } from '../cost/counts.ts';
import { finish, inputOf } from './parent.ts';

export interface CountedSiteInput {
  readonly site: CountedSite;
  /** A new folder. */
  readonly directory: string;
}

const { site, directory } = await inputOf<CountedSiteInput>();
await finish(await countSite(site, directory));
