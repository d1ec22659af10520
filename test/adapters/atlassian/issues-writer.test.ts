import { describe, expect, it } from 'vitest';
import { issuesSite, siteWithIssues } from './issues-site.ts';

describe('A field of an issue', () => {
  it('is given other objects, in order, and nobody gets mail', async () => {
    const { site, objects, offices } = siteWithIssues();
    const issue = site.addIssue({ key: 'ITSM-12', fields: { [offices.id]: objects.slice(0, 2) } });
    const { writer, reader } = await issuesSite({ site });
    const wanted = [4, 1].map((id) => ({ objectId: String(id) }));

    await writer.setObjects(String(issue.id), `customfield_${offices.id}`, wanted, { notifies: false });

    expect(issue.values.get(offices.id)).toEqual(['4', '1']);
    expect(issue.changes).toMatchObject([{ before: ['1', '2'], after: ['4', '1'], notified: false }]);
    const { found } = await reader.issues([String(issue.id), '999'], [`customfield_${offices.id}`]);
    expect([...found.keys()]).toEqual([String(issue.id)]);
  });
});
