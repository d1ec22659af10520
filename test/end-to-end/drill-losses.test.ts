import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import { drill } from './drill-run.ts';
import { Killer } from './killed-restores.ts';
import { backUp, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';

const company = () => companySite().site;
const elsewhere = () => testSimulator({ site: emptySiteLike(company(), { workspaceId: crypto.randomUUID() }) });

async function backedUp() {
  const source = await testSimulator({ site: company() });
  const { directory, result } = await backUp(source);
  return { directory, backup: result?.backup ?? '' };
}

describe('a drill', { timeout: 60_000 }, () => {
  it('takes what the site does not take and no plan foresaw for a difference', async () => {
    const { directory } = await backedUp();
    const target = await elsewhere();
    const before = fingerprint(target.site);
    target.faults.add({ endpoint: 'comment-create', times: 1, fault: { kind: 'status', status: 400 } });
    const { result, report } = await drill(target, directory);
    expect(result?.outcome).toBe('differences-found');
    expect(report?.found.some((line) => line.includes('lost, '))).toBe(true);
    expect(fingerprint(target.site)).toBe(before);
  });

  it('takes people whom the site does not know for not covered', async () => {
    const { directory } = await backedUp();
    const target = await elsewhere();
    for (const { accountId, displayName } of [...target.site.users.values()])
      if (displayName === 'Ada') target.site.users.delete(accountId);
    const { result, report } = await drill(target, directory);
    expect(report?.found).toEqual([]);
    expect(result?.outcome).toBe('passed');
    expect(report?.uncovered.map(({ what }) => what)).toContain('ASSETS: Owner');
  });

  it('refuses a sample whose history or comments are damaged, and leaves no schema behind', async () => {
    const { directory, backup } = await backedUp();
    const target = await elsewhere();
    const before = fingerprint(target.site);
    const file = companySite().laptops[0]?.id;
    appendFileSync(join(directory, backup, 'ASSETS', 'objects', 'comments', `${file}.json`), ' ');
    const { error } = await drill(target, directory);
    expect(error?.name).toBe('DamagedBackupError');
    expect(fingerprint(target.site)).toBe(before);
  });

  it('refuses objects that are damaged before it writes anything', async () => {
    const { directory, backup } = await backedUp();
    const target = await elsewhere();
    const { laptop } = companySite();
    appendFileSync(join(directory, backup, 'ASSETS', 'objectsmeta', `Laptop_${laptop.id}.json`), ' ');
    const { error } = await drill(target, directory);
    expect(error?.name).toBe('DamagedBackupError');
    expect(target.requests.writes.filter(({ method }) => method !== 'GET' && method !== 'POST')).toEqual([]);
  });

  it('needs a backup that counts', async () => {
    const target = await elsewhere();
    const source = await testSimulator({ site: company() });
    source.faults.add({ endpoint: 'object-aql', fault: { kind: 'status', status: 500 } });
    const { directory } = await backUp(source);
    expect((await drill(target, directory)).error?.name).toBe('NoSuchBackupError');
  });

  it('lets its site go where it fails, and notes how it ended', async () => {
    const { directory } = await backedUp();
    const target = await elsewhere();
    const remove = target.faults.add({ endpoint: 'object-create', fault: { kind: 'status', status: 401 } });
    const failed = await drill(target, directory);
    expect(failed.error?.name).toBe('LoginRefusedError');
    remove();
    const killer = new Killer(1, 'before', 'createObject');
    const stop = target.faults.add(killer.cutsOff);
    await drill(target, directory, { decorate: killer.decorate });
    stop();
    expect((await drill(target, directory)).result?.outcome).toBe('passed');
    expect([...target.site.schemas.values()]).toEqual([]);
  });
});
