import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { backup, manifest, pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const asked = { ...manifest().options, issueLinks: true };
const issueLinks = [
  { id: 'customfield_10100', name: 'Asset', issues: 334, links: 400, files: [] },
  { id: 'customfield_10101', name: 'Asset', issues: 333, links: 333, files: [] },
  { id: 'customfield_10102', name: 'Affected', issues: null, links: 12, files: [] },
];

async function told(fields: Parameters<typeof manifest>[0], ...words: string[]): Promise<string> {
  const { product, backups } = pretendProduct();
  const io = new RecordedIo();
  backups.add(manifest(fields));
  await runCommandLine([...words, '--local', temporaryFolder()], io, product);
  return io.stdout.text;
}

describe('issue links', () => {
  it('stand in show, field by field, two of one name apart', async () => {
    const lines = (await told({ options: asked, issueLinks }, 'show', backup)).split('\n');
    const fields = lines.filter((line) => line.includes('customfield_')).map((line) => line.trim().split(/ {2,}/));
    expect(fields).toEqual([
      ['Asset', 'customfield_10100', '334', '400'],
      ['Asset', 'customfield_10101', '333', '333'],
      ['Affected', 'customfield_10102', 'not all read', '12'],
    ]);
    expect(lines.find((line) => line.includes('Issue links'))).toMatch(/667 issues by 3 fields, with 745 objects$/);
  });

  it('are counted in list --json, and null where there are none', async () => {
    const counted = JSON.parse(await told({ options: asked, issueLinks }, 'list', '--json'));
    expect(counted.backups[0].issueLinks).toEqual({ fields: 3, issues: 667, links: 745 });
    expect(JSON.parse(await told({}, 'list', '--json')).backups[0].issueLinks).toBeNull();
  });

  it('are not mentioned where nobody asked for them, and said to be unread where somebody did', async () => {
    expect(await told({}, 'show', backup)).not.toContain('Issue links');
    expect(await told({ options: asked }, 'show', backup)).toMatch(/Issue links +none: they could not be read/);
  });
});
