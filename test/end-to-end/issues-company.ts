import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import type { JsonRecord } from '../../core/model/json.ts';
import { BackupSource } from '../../core/reading/backup-source.ts';
import { storedIssueFields, storedIssueLinks } from '../../core/reading/stored-issue-links.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { Issue } from '../../simulator/site/issue-records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { SiteOptions } from '../../simulator/site/site-state.ts';
import { testDirectory } from './local-run.ts';

/** Offices, and issues that hold them by two fields of one name and one of another. */
export function issuesCompany({ issues: count = 9, ...options }: SiteOptions & { readonly issues?: number } = {}) {
  const site = new SimulatedSite(options);
  const schema = site.addSchema({ key: 'ITSM' });
  const type = site.addType({ schema, name: 'Office' });
  const offices = Array.from({ length: 5 }, (_, index) => site.addObject({ type, name: `Office ${index + 1}` }));
  const asset = site.addIssueField({ name: 'Asset', contexts: [{ schema }] });
  const otherAsset = site.addIssueField({ name: 'Asset', contexts: [{ schema }] });
  const affected = site.addIssueField({ name: 'Affected', contexts: [{ schema }] });
  const fields = [asset, otherAsset, affected] as const;
  const issues: Issue[] = Array.from({ length: count }, (_, index) => {
    const office = (place: number) => offices[(index + place) % offices.length] ?? [];
    const field = fields[index % fields.length] ?? asset;
    return site.addIssue({ key: `ITSM-${index + 1}`, fields: { [field.id]: [office(0), office(2)].flat() } });
  });
  return { site, schema, type, offices, asset, otherAsset, affected, fields, issues };
}

/** Gives some objects of a site issues that hold them. */
export function withIssues<Site extends SimulatedSite>(site: Site): Site {
  const field = site.addIssueField({ name: 'Asset' });
  for (const object of [...site.objects.all()].slice(0, 3)) site.addIssue({ fields: { [field.id]: object } });
  return site;
}

/** A folder whose backups have issue links. */
export function folderWithIssueLinks(): string {
  const directory = testDirectory();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'settings.json'), JSON.stringify({ issueLinks: true }));
  return directory;
}

/** By id of the field what a backup has of each issue: its key, and the objects in it. */
export async function storedLinks(
  directory: string,
  manifest: Manifest,
): Promise<Record<string, Record<string, readonly string[]>>> {
  const { backups } = openLocalStores(directory);
  const source = await BackupSource.open(backups, manifest);
  const links: Record<string, Record<string, readonly string[]>> = {};
  for (const field of (await storedIssueFields(source)) ?? []) {
    const ofField: Record<string, readonly string[]> = {};
    for await (const { issueKey, objectIds } of storedIssueLinks(source, field)) {
      if (issueKey in ofField) throw new Error(`${issueKey} stands twice`);
      ofField[issueKey] = objectIds;
    }
    links[field.id] = ofField;
  }
  return links;
}

/** The same as the site has it. */
export function linksOnSite(site: SimulatedSite): Record<string, Record<string, readonly string[]>> {
  return Object.fromEntries(
    [...site.issues.fields.keys()].map((id) => [
      `customfield_${id}`,
      Object.fromEntries(
        [...site.issues.all()].flatMap(({ key, values }) => {
          const objects = values.get(id);
          return objects ? [[key, objects] as const] : [];
        }),
      ),
    ]),
  );
}

/** The lines of a file of a backup. */
export async function recordsIn(directory: string, key: string): Promise<JsonRecord[]> {
  const bytes = await openLocalStores(directory).backups.read(key);
  return JSON.parse(new TextDecoder().decode(bytes)) as JsonRecord[];
}
