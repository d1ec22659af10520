import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifestKey } from '../../core/backup-format/keys.ts';
import { manifestFile } from '../../core/backup-format/manifest.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { EndpointName } from '../../simulator/start-simulator.ts';
import { folderWithIssueLinks, issuesCompany, linksOnSite, recordsIn, storedLinks } from './issues-company.ts';
import { backUp, RecordingReporter, testSimulator } from './local-run.ts';

const ofIssues: readonly EndpointName[] = [
  'field-list',
  'field-search',
  'field-contexts',
  'fieldconfig',
  'issue-search',
];

async function problemsOf(directory: string, backup: string | undefined) {
  const { backups } = openLocalStores(directory);
  const { problems, strangers } = await verifyBackup({ backups, reporter: new RecordingReporter() }, backup ?? '');
  return [...problems, ...strangers];
}

describe('a backup with issue links', () => {
  it('has which of 1,000 issues hold which objects by which of three fields, with 20 requests', async () => {
    const { site } = issuesCompany({ issues: 1000 });
    const simulator = await testSimulator({ site });
    const directory = folderWithIssueLinks();
    const { manifest, result } = await backUp(simulator, { directory });
    const asked = ofIssues.reduce((sum, endpoint) => sum + (simulator.requests.byEndpoint[endpoint] ?? 0), 0);
    expect(asked).toBeLessThanOrEqual(20);
    expect(manifest).toMatchObject({ status: 'complete', gaps: [], options: { issueLinks: true } });
    expect(result?.issueLinks).toEqual({ fields: 3, issues: 1000, links: 2000 });
    expect(result?.message).toContain('with the links of 1,000 issues by 3 fields');
    if (!manifest) throw new Error('There is no backup.');
    expect(await storedLinks(directory, manifest)).toEqual(linksOnSite(site));
    expect(await problemsOf(directory, manifest.name)).toEqual([]);
  });

  it('keeps two fields of one name apart, each with its configuration and its issues as the site gave them', async () => {
    const { site, asset, otherAsset, schema } = issuesCompany();
    const directory = folderWithIssueLinks();
    const { manifest } = await backUp(await testSimulator({ site }), { directory });
    const [first, second] = [`customfield_${asset.id}`, `customfield_${otherAsset.id}`];
    expect(manifest?.issueLinks).toMatchObject([
      { id: first, name: 'Asset', issues: 3, links: 6, files: [`${manifest?.name}/config/issues/${first}.json`] },
      { id: second, name: 'Asset', issues: 3, links: 6, files: [`${manifest?.name}/config/issues/${second}.json`] },
      { name: 'Affected', issues: 3 },
    ]);
    const lines = await recordsIn(directory, `${manifest?.name}/config/issues/${second}.json`);
    expect(lines.map(({ key }) => key)).toEqual(['ITSM-2', 'ITSM-5', 'ITSM-8']);
    expect(Object.keys(lines[0]?.fields ?? {})).toEqual([second]);
    const fields = await recordsIn(directory, `${manifest?.name}/config/issues/fields.json`);
    expect(fields).toMatchObject([
      {
        id: first,
        name: 'Asset',
        field: { id: first },
        configurations: [{ configuration: { objectSchemaId: String(schema.id) } }],
      },
      { id: second },
      {},
    ]);
  });

  it('asks nothing of Jira where nobody asked for it', async () => {
    const simulator = await testSimulator({ site: issuesCompany().site });
    const { manifest, result } = await backUp(simulator);
    expect(ofIssues.map((endpoint) => simulator.requests.byEndpoint[endpoint] ?? 0)).toEqual([0, 0, 0, 0, 0]);
    expect(manifest).toMatchObject({ status: 'complete', issueLinks: null, options: { issueLinks: false } });
    expect(result?.issueLinks).toBeNull();
  });

  it('has them also of chosen schemas, since fields span schemas', async () => {
    const { site, fields } = issuesCompany();
    const other = site.addSchema({ key: 'OTHER' });
    site.addType({ schema: other, name: 'Thing' });
    const directory = folderWithIssueLinks();
    const { manifest } = await backUp(await testSimulator({ site }), { directory, objectSchemaKeys: ['OTHER'] });
    expect(manifest?.issueLinks).toHaveLength(fields.length);
  });

  it('has fields that no context shows, and nothing in them', async () => {
    const { site } = issuesCompany();
    const bare = site.addIssueField({ name: 'Bare', contexts: [] });
    const directory = folderWithIssueLinks();
    const { manifest } = await backUp(await testSimulator({ site }), { directory });
    expect(manifest).toMatchObject({ status: 'complete', gaps: [], notOffered: [] });
    expect(manifest?.issueLinks?.at(-1)).toMatchObject({ id: `customfield_${bare.id}`, issues: 0, links: 0 });
  });

  it('says once that fields without a context cannot be seen, and that configurations are not offered', async () => {
    const { site, fields } = issuesCompany();
    const directory = folderWithIssueLinks();
    const simulator = await testSimulator({ site, quirks: { fieldSearch: 'forbidden' } });
    const { manifest } = await backUp(simulator, { directory });
    expect(manifest?.notOffered.map(({ what }) => what)).toEqual([
      'configuration of issue fields',
      'issue fields without a context',
    ]);
    expect(manifest).toMatchObject({ status: 'complete', gaps: [] });
    expect(manifest?.issueLinks).toHaveLength(fields.length);
  });

  it('is told from one whose manifest counts other issues than its files hold', async () => {
    const directory = folderWithIssueLinks();
    const { manifest } = await backUp(await testSimulator({ site: issuesCompany().site }), { directory });
    if (!manifest) throw new Error('There is no backup.');
    const [field, ...others] = manifest.issueLinks ?? [];
    if (!field) throw new Error('There is no field.');
    const changed = { ...manifest, issueLinks: [{ ...field, issues: 4 }, ...others] };
    writeFileSync(join(directory, manifestKey(manifest.name)), manifestFile(changed));
    expect(await problemsOf(directory, manifest.name)).toEqual([
      { key: field.files[0], problem: `the field Asset (${field.id}) has 3 issues instead of 4.` },
    ]);
  });

  it('goes on in invocations that have time for one page each', async () => {
    const { site } = issuesCompany({ issues: 40 });
    const directory = folderWithIssueLinks();
    const simulator = await testSimulator({ site, quirks: { issuePageSize: 4 } });
    const { manifest } = await backUp(simulator, { directory, remainingMilliseconds: () => 0 });
    if (!manifest) throw new Error('There is no backup.');
    expect(manifest.issueLinks?.map(({ files }) => files.length)).toEqual([4, 4, 4]);
    expect(manifest.issueLinks?.[0]?.files[1]).toMatch(/\.00002\.json$/);
    expect(await storedLinks(directory, manifest)).toEqual(linksOnSite(site));
    expect(await problemsOf(directory, manifest.name)).toEqual([]);
  });
});
