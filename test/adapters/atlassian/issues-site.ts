import { createAssetsSite } from '../../../adapters/atlassian/assets-site.ts';
import { requestBudget } from '../../../core/model/request-budget.ts';
import type { IssueField, IssuesReader } from '../../../core/ports/issues-reader.ts';
import type { IssuesWriter } from '../../../core/ports/issues-writer.ts';
import { SimulatedSite } from '../../../simulator/site/simulated-site.ts';
import type { Simulator, SimulatorOptions } from '../../../simulator/start-simulator.ts';
import { start } from '../../simulator/start.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { loginSettings, RecordingReporter } from './test-site.ts';

/** Objects of one type, and two fields that may hold them. */
export function siteWithIssues(objectCount = 5) {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'ITSM' });
  const office = site.addType({ schema, name: 'Office' });
  const objects = Array.from({ length: objectCount }, (_, index) =>
    site.addObject({ type: office, name: `SYD-${index + 1}` }),
  );
  const offices = site.addIssueField({ name: 'Offices', contexts: [{ schema }] });
  const affected = site.addIssueField({ name: 'Affected', contexts: [{ schema }] });
  return { site, schema, office, objects, offices, affected };
}

/** Issues ITSM-1 to ITSM-<count>, each with one object in one of the fields, which take turns. */
export function manyIssues(count: number, more: readonly string[] = []) {
  const parts = siteWithIssues();
  const { site, schema, objects } = parts;
  const fields = [
    parts.offices,
    parts.affected,
    ...more.map((name) => site.addIssueField({ name, contexts: [{ schema }] })),
  ];
  const issues = Array.from({ length: count }, (_, index) => {
    const [field, object] = [fields[index % fields.length], objects[index % objects.length]];
    if (!field || !object) throw new Error('there are some');
    return site.addIssue({ key: `ITSM-${index + 1}`, fields: { [field.id]: object } });
  });
  return { ...parts, fields, issues };
}

export interface IssuesSite {
  readonly simulator: Simulator;
  readonly reader: IssuesReader;
  readonly writer: IssuesWriter;
  readonly clock: VirtualClock;
}

/** Our client of the issues of a pretend site, logged in as that site wants it, in time that passes at once. */
export async function issuesSite(options: SimulatorOptions, budget = requestBudget()): Promise<IssuesSite> {
  const clock = new VirtualClock({ runs: true });
  const { simulator } = await start({ clock, ...options });
  const { url, credentials, login } = simulator;
  const settings = loginSettings({
    siteName: url,
    apiUrl: url,
    apiToken: credentials.apiToken,
    ...(login.kind === 'bearer' ? { username: undefined } : { username: credentials.username }),
    auth: login.kind,
  });
  const site = createAssetsSite({ settings, clock, reporter: new RecordingReporter(), random: () => 0.5 });
  const workspace = {
    workspaceId: simulator.site.workspaceId,
    siteName: url,
    apiUrl: url,
    login: login.kind,
    ...(login.kind !== 'basic' && { cloudId: simulator.site.cloudId }),
  };
  return {
    simulator,
    clock,
    reader: site.issuesReader(workspace, budget),
    writer: site.issuesWriter(workspace, budget),
  };
}

/** The same of a server that answers as told. */
export function issuesAt(url: string): Pick<IssuesSite, 'reader' | 'writer'> {
  const clock = new VirtualClock({ runs: true });
  const settings = loginSettings({ siteName: url, apiUrl: url });
  const site = createAssetsSite({ settings, clock, reporter: new RecordingReporter(), random: () => 0.5 });
  const workspace = { workspaceId: 'ws-1', siteName: url, apiUrl: url, login: 'basic' } as const;
  return {
    reader: site.issuesReader(workspace, requestBudget()),
    writer: site.issuesWriter(workspace, requestBudget()),
  };
}

/** What is offered; fails where it is not. */
export function value<T>(
  answer: { readonly offered: true; readonly value: T } | { readonly offered: false; readonly reason: string },
): T {
  if (!answer.offered) throw new Error(answer.reason);
  return answer.value;
}

/** Keys of the issues of all pages, as they come. */
export async function keysOf(reader: IssuesReader, field: IssueField): Promise<string[]> {
  const keys: string[] = [];
  for (let next: string | null = null; ; ) {
    const page: Awaited<ReturnType<IssuesReader['issuesOf']>> = await reader.issuesOf(field, next);
    keys.push(...value(page).issues.map(({ key }) => key));
    next = value(page).next;
    if (next === null) return keys;
  }
}

/** The fields by their names. */
export async function fieldsOf(reader: IssuesReader): Promise<IssueField[]> {
  return [...value(await reader.assetsFields()).fields];
}
