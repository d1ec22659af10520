import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { FaultRule } from '../../simulator/start-simulator.ts';
import { backUp, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { restore } from './restore-run.ts';

/** A backup of the company by a site with a fault, and an empty site to restore it to. */
async function backedUpWith(fault: (company: ReturnType<typeof companySite>) => FaultRule) {
  const company = companySite();
  const source = await testSimulator({ site: company.site });
  source.faults.add(fault(company));
  const { directory, result } = await backUp(source);
  const target = await testSimulator({ site: emptySiteLike(company.site) });
  const run = (input = {}) => restore(target, directory, { folder: result?.backup ?? '', ...input });
  return { ...company, backup: result, target, run };
}

const historyOfOne = () =>
  backedUpWith(({ laptops }) => ({
    endpoint: 'history',
    match: ({ params }) => params.id === String(laptops[0]?.id),
    fault: { kind: 'status', status: 500 },
  }));

describe('a gap of the backup', () => {
  it('is a loss of every restore that asks for it', async () => {
    const { backup, laptops, run } = await historyOfOne();
    expect(backup).toMatchObject({ status: 'complete-with-gaps', gaps: 1 });
    const where = `ASSETS: history of object ${laptops[0]?.id}`;
    const gap = { kind: 'comment', source: where, where, values: 1 };

    const plan = await run({ dryRun: true });
    expect(plan.plan).toMatchObject({ losses: [gap], lossCount: 1 });
    expect(plan.plan?.losses[0]?.reason).toMatch(/^the backup does not hold it: GET .* was answered 500/);
    for (const created of [9, 0]) {
      const { result, report } = await run();
      expect(result).toMatchObject({ outcome: 'restored-with-losses', created, losses: 1, differences: 0 });
      expect(report?.losses).toMatchObject([gap]);
    }
  });

  it.each([
    ['a schema that is not restored', { objectSchemas: [{ oldObjectSchemaKey: 'FAC' }] }, 3],
    ['histories, which are not asked for', { processHistory: false }, 9],
    ['histories, and no objects are asked for', { processObjects: false }, 0],
  ])('is none where it is of %s', async (_, input, created) => {
    const { run } = await historyOfOne();
    expect((await run(input)).result).toMatchObject({ outcome: 'restored', created, losses: 0 });
  });

  it('is none of a restore of other objects or types', async () => {
    const { laptops, run } = await historyOfOne();
    const of = async (include: object) =>
      (await run({ dryRun: true, include })).plan?.lossGroups.flatMap(({ first }) =>
        first.filter(({ kind }) => kind === 'comment').map(({ where }) => where),
      );
    const where = `ASSETS: history of object ${laptops[0]?.id}`;
    expect(await of({ objects: [String(laptops[0]?.id)] })).toEqual([where]);
    expect(await of({ objects: [String(laptops[1]?.id)] })).toEqual([]);
    expect(await of({ objectTypes: ['Laptop'] })).toEqual([where]);
    expect(await of({ objectTypes: ['Dock'] })).toEqual([]);
  });

  it('is one where it is of all comments at once', async () => {
    const { backup, run } = await backedUpWith(() => ({
      endpoint: 'comments',
      fault: { kind: 'status', status: 403 },
    }));
    expect(backup).toMatchObject({ status: 'complete-with-gaps', gaps: 1 });
    expect((await run()).report).toMatchObject({
      outcome: 'restored-with-losses',
      losses: [{ kind: 'comment', where: 'comments of all 9 objects', values: 9 }],
    });
    expect((await run({ processComments: false })).result?.outcome).toBe('restored');
  });

  it('is one of each schema whose properties were refused, and they are not written', async () => {
    const { run, target } = await backedUpWith(() => ({
      endpoint: 'schema-property',
      fault: { kind: 'status', status: 403 },
    }));
    const { report } = await run();
    expect(report).toMatchObject({ outcome: 'restored-with-losses', differences: [] });
    expect(report?.losses.map(({ kind, where, values }) => [kind, where, values])).toEqual([
      ['schema', 'FAC: properties of the schema', 1],
      ['schema', 'ASSETS: properties of the schema', 1],
    ]);
    // That of FAC, to which ASSETS refers.
    expect(target.requests.writesByEndpoint()['schema-property-update']).toBe(1);
  });
});

describe('what the source site did not offer', () => {
  it('is a notice of the plan and of the report, and no loss', async () => {
    const { run } = await backedUpWith(() => ({ endpoint: 'comments', fault: { kind: 'status', status: 405 } }));
    const notice = 'The source site did not offer comments: the backup has none.';
    expect((await run({ dryRun: true })).plan?.warnings).toContain(notice);
    expect((await run()).report).toMatchObject({ outcome: 'restored', losses: [], notices: [notice] });
  });
});
