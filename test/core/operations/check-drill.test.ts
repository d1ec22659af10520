import { describe, expect, it } from 'vitest';
import type { SetupReport } from '../../../core/operations/check-setup.ts';
import type { Services } from '../../../core/ports/services.ts';
import { step } from '../../../functions/operations/check-drill.ts';
import { emptySiteLike } from '../../../simulator/seeds/empty.ts';
import { randomSite } from '../../../simulator/seeds/random-site.ts';
import { backUp, testSimulator } from '../../end-to-end/local-run.ts';
import { operationServices } from './operation-services.ts';

const check = async (services: Services) => (await step.invoke(services, {})) as unknown as SetupReport;
const named = ({ checks }: SetupReport, name: string) => checks.find((one) => one.name === `drill: ${name}`);
const failed = ({ checks }: SetupReport) => checks.filter(({ ok }) => !ok).map(({ name }) => name);

/** A backup of one site, and a login for drills of it, or of another one. */
async function prepared({ isOther, ...more }: Partial<Services> & { isOther: boolean; settings?: object }) {
  const source = await testSimulator({ site: randomSite(3, 20) });
  const { directory } = await backUp(source);
  const target = isOther ? await testSimulator({ site: emptySiteLike(source.site) }) : source;
  const before = target.requests.total;
  const { services } = operationServices(target, { directory, ...more });
  return { services, target, source, requests: () => target.requests.total - before };
}

describe('the check of a drill', () => {
  it('is content with the login of another site, and says what cannot be tried', async () => {
    const { services, target } = await prepared({ isOther: true });
    const report = await check(services);
    expect(failed(report)).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toEqual(
      ['secret', 'site', 'login', 'Assets', 'target', 'rights', 'token'].map((name) => `drill: ${name}`),
    );
    expect(named(report, 'target')?.detail).toMatch(/^Drills are made on .*, and backups of .*\.$/);
    expect(named(report, 'rights')?.detail).toContain('delete:cmdb-schema:jira');
    expect(target.requests.total).toBeGreaterThan(0);
  });

  it('refuses the site that is backed up, unless drills may be made there', async () => {
    const refused = await check((await prepared({ isOther: false })).services);
    expect(failed(refused)).toEqual(['drill: target']);
    expect(named(refused, 'target')?.remedy).toMatch(/--for drill`; or set "inProduction": true/);
    const meant = await prepared({ isOther: false, drill: { sample: 200, inProduction: true } });
    const allowed = await check(meant.services);
    expect(failed(allowed)).toEqual([]);
    expect(named(allowed, 'target')?.detail).toMatch(/object schemas come and go there/);
  });

  it('says so where there is no backup yet', async () => {
    const report = await check(operationServices(await testSimulator({ site: randomSite(3, 20) })).services);
    expect(failed(report)).toEqual([]);
    expect(named(report, 'target')?.detail).toBe('There is no backup yet that a drill could try.');
  });

  it('names the secret of drills wherever the login is to be mended', async () => {
    const { services } = await prepared({ isOther: true, settings: { apiToken: 'wrong' } });
    const report = await check(services);
    expect(failed(report)).toEqual(['drill: login', 'drill: Assets', 'drill: target']);
    expect(named(report, 'target')?.detail).toBe('Not checked, because the check "login" failed.');
    const lines = report.checks.flatMap(({ remedy }) => remedy?.match(/`assets-backup login [^`]*`/g) ?? []);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toBe('`assets-backup login --stack NAME --for drill`');
  });

  it('writes nothing', async () => {
    const { services, target } = await prepared({ isOther: true });
    const before = target.requests.writes.length;
    await check(services);
    expect(target.requests.writes.length).toBe(before);
    expect(await Array.fromAsync(services.work.list('drills/'))).toEqual([]);
  });
});
