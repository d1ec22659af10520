import type { RequestBudget } from '../model/request-budget.ts';
import type { Workspace } from '../model/run.ts';
import type { AssetsReader } from './assets-reader.ts';
import type { AssetsWriter } from './assets-writer.ts';
import type { IssuesReader } from './issues-reader.ts';
import type { IssuesWriter } from './issues-writer.ts';

/** A Jira Cloud site with Assets, before anything is known of it but its address and a login. */
export interface AssetsSite {
  /**
   * Logs in and finds the workspace.
   * Throws LoginRefusedError, NoAssetsError, WrongAddressError, SiteUnavailableError.
   */
  discover(): Promise<Workspace>;
  /** What one worker reads. It stays within `budget` together with all else that is given the very same object. */
  reader(workspace: Workspace, budget: RequestBudget): AssetsReader;
  /** What one worker writes, likewise. */
  writer(workspace: Workspace, budget: RequestBudget): AssetsWriter;
  /** The same for the issues of the site's Jira. */
  issuesReader(workspace: Workspace, budget: RequestBudget): IssuesReader;
  issuesWriter(workspace: Workspace, budget: RequestBudget): IssuesWriter;
}
