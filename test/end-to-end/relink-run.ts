import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RestoreResult } from '../../core/model/restore.ts';
import type { RelinkedField } from '../../core/restore/issues/relinked-fields.ts';
import type { RelinkReport } from '../../core/restore/issues/report-relink.ts';
import { parseRelinkInput } from '../../functions/inputs/relink-input.ts';
import { type LocalRelinkOptions, relinkLocally } from '../../local/local-restore.ts';
import type { Issue, IssueField } from '../../simulator/site/issue-records.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Quirks, Simulator } from '../../simulator/start-simulator.ts';
import { backUp, RecordingReporter, settingsFor, testClock, testDirectory, testSimulator } from './local-run.ts';
import { json, linesIn } from './restore-run.ts';

export interface FinishedRelink {
  readonly reporter: RecordingReporter;
  readonly result?: RestoreResult;
  readonly report?: RelinkReport;
  readonly error?: Error;
}

/** Links the issues of a restore again on a simulated site by the real client, steps, definition and directory stores. */
export async function relink(
  simulator: Simulator,
  directory: string,
  input: { readonly relink: string; readonly dryRun?: boolean },
  options: Partial<LocalRelinkOptions> = {},
): Promise<FinishedRelink> {
  const reporter = new RecordingReporter();
  try {
    const result = await relinkLocally({
      ...{ directory, settings: settingsFor(simulator), choices: parseRelinkInput(input) },
      ...{ reporter, clock: testClock, requestTimeoutMilliseconds: 5_000 },
      ...options,
    });
    return { reporter, result, report: json<RelinkReport>(directory, result.report ?? '') };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { reporter, error };
  }
}

export interface LinkedSite {
  readonly site: SimulatedSite;
  readonly offices: readonly StoredObject[];
  /** Two of them have one name. */
  readonly fields: readonly IssueField[];
  readonly issues: readonly Issue[];
}

/** Offices, and issues each of which holds one of them, and one of every third a second, by one of three fields. */
export function linkedSite({ offices: count = 6, issues: issueCount = 12 } = {}): LinkedSite {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'FAC' });
  const type = site.addType({ schema, name: 'Office' });
  const offices = Array.from({ length: count }, (_, index) => site.addObject({ type, name: `Office ${index + 1}` }));
  const fields = ['Asset', 'Asset', 'Affected'].map((name) => site.addIssueField({ name, contexts: [{ schema }] }));
  const issues = Array.from({ length: issueCount }, (_, index) => {
    const field = fields[index % fields.length] as IssueField;
    const held = [index, ...(index % 3 === 0 ? [index + 1] : [])].map((at) => offices[at % count] as StoredObject);
    return site.addIssue({ key: `IT-${index + 1}`, fields: { [field.id]: held } });
  });
  return { site, offices, fields, issues };
}

export interface Accident extends LinkedSite {
  readonly simulator: Simulator;
  readonly directory: string;
  readonly backup: string;
}

/** The same backed up with its issues; then the first offices are deleted, all by default. */
export async function afterAccident(
  linked: LinkedSite,
  {
    quirks = {},
    deleted = linked.offices.length,
    through = async (simulator) => simulator,
  }: { quirks?: Partial<Quirks>; deleted?: number; through?: (simulator: Simulator) => Promise<Simulator> } = {},
): Promise<Accident> {
  const simulator = await through(await testSimulator({ site: linked.site, quirks }));
  const directory = testDirectory();
  writeFileSync(join(directory, 'settings.json'), JSON.stringify({ issueLinks: true }));
  const { result, error } = await backUp(simulator, { directory });
  if (!result) throw error ?? new Error('There is no backup.');
  await testClock.sleep(60_000);
  for (const office of linked.offices.slice(0, deleted)) linked.site.deleteObject(office);
  return { ...linked, simulator, directory, backup: result.backup };
}

/** Names of the objects that an issue holds by a field, in order; `gone` of one that is not there. */
export function namesIn(site: SimulatedSite, issue: Issue, field: IssueField): string[] {
  return (site.issues.get(issue.id)?.values.get(field.id) ?? []).map((id) => {
    const object = site.objects.get(Number(id));
    return object ? site.label(object) : 'gone';
  });
}

/** All that issues hold, by key of the issue and id of the field. */
export function linksOf({ site, issues, fields }: LinkedSite): Record<string, string[]> {
  return Object.fromEntries(
    issues.flatMap((issue) =>
      fields.flatMap((field) => {
        const names = namesIn(site, issue, field);
        return names.length > 0 ? [[`${issue.key} ${field.id}`, names] as const] : [];
      }),
    ),
  );
}

export const issueLinesIn = (directory: string, restore: string) =>
  linesIn<RelinkedField>(directory, `restores/${restore}/issues.jsonl`);
