import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptySite, emptySiteLike } from '../../simulator/seeds/empty.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import { deleteSchema } from '../../simulator/site/schema-writes.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { drill } from './drill-run.ts';
import { backUp, HurriedClock, testClock, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';

const company = () => companySite().site;
const elsewhere = () => testSimulator({ site: emptySiteLike(company(), { workspaceId: crypto.randomUUID() }) });

describe('a drill takes the newest backup that counts', { timeout: 5 * 60_000 }, () => {
  it('of an older format, with what it lacks named', async () => {
    const golden = new GoldenFolder('format-1');
    const site = emptySiteLike(golden.sourceSite(), { workspaceId: crypto.randomUUID() });
    const target = await testSimulator({ site, quirks: golden.sourceSite().quirks });
    const before = fingerprint(site);
    const { result, report, error } = await drill(target, golden.copy(), {
      clock: new HurriedClock(Date.UTC(2026, 10, 25, 8)),
    });
    expect(error).toBeUndefined();
    expect(report?.found).toEqual([]);
    expect(result?.outcome).toBe('passed');
    expect(result?.backup).toBe('2026-11-23_02-00-00');
    expect(report?.uncovered.map(({ what }) => what)).toContain('gaps');
    expect(fingerprint(site)).toBe(before);
  });

  it('of chosen schemas, where there is no other', async () => {
    const source = await testSimulator({ site: company() });
    const { directory } = await backUp(source, { objectSchemaKeys: ['FAC'] });
    const target = await elsewhere();
    const { result, report } = await drill(target, directory);
    expect(report?.found).toEqual([]);
    expect(result?.outcome).toBe('passed');
    expect(report?.schemas.map(({ from }) => from)).toEqual(['FAC']);
  });

  it('with gaps, which are not covered', async () => {
    const source = await testSimulator({ site: company() });
    const { laptop } = companySite();
    const [one] = source.site.objects.all().filter(({ typeId }) => typeId === laptop.id);
    source.faults.add({
      endpoint: 'history',
      match: ({ params }) => Object.values(params).includes(String(one?.id)),
      fault: { kind: 'status', status: 500 },
    });
    const { directory, manifest } = await backUp(source);
    expect(manifest?.status).toBe('complete-with-gaps');
    const { result, report, error } = await drill(await elsewhere(), directory);
    expect(error).toBeUndefined();
    expect(report?.found).toEqual([]);
    expect(result?.outcome).toBe('passed');
    expect(report?.uncovered.map(({ what }) => what)).toContain('gaps');
  });

  it('and none that was copied in, though it is newer', async () => {
    const source = await testSimulator({ site: company() });
    const { directory, result: own } = await backUp(source);
    await testClock.sleep(60_000);
    const other = await backUp(source);
    const [newer = ''] = readdirSync(other.directory).filter((name) => /^\d{4}-/.test(name));
    cpSync(join(other.directory, newer), join(directory, newer), { recursive: true });
    expect(newer > (own?.backup ?? '')).toBe(true);
    const { result, report } = await drill(await elsewhere(), directory);
    expect(result?.backup).toBe(own?.backup);
    expect(report?.notices.some((one) => one.includes(newer))).toBe(true);
  });

  it('and tells what is suspicious about it', async () => {
    const source = await testSimulator({ site: company() });
    const { directory } = await backUp(source);
    const fac = [...source.site.schemas.values()].find(({ key }) => key === 'FAC');
    if (fac) deleteSchema(source.site, fac);
    await testClock.sleep(60_000);
    const { manifest } = await backUp(source, { directory });
    expect(manifest?.suspicions.length).toBeGreaterThan(0);
    const { result, report } = await drill(await elsewhere(), directory);
    expect(result?.outcome).toBe('passed');
    expect(result?.backup).toBe(manifest?.name);
    expect(report?.notices.some((one) => one.includes('is suspicious'))).toBe(true);
  });

  it('into a site that has nothing of it at all', async () => {
    const source = await testSimulator({ site: company() });
    const { directory } = await backUp(source);
    const target = await testSimulator({ site: emptySite({ workspaceId: crypto.randomUUID() }) });
    const before = fingerprint(target.site);
    const { result, report } = await drill(target, directory);
    expect(report?.found).toEqual([]);
    expect(result?.outcome).toBe('passed');
    expect(fingerprint(target.site)).toBe(before);
  });
});
