import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import type { ExitCode } from '../../cli/exit-codes.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { ObjectCount } from '../../simulator/site/quirks.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { pretendProduct } from '../cli/pretend-product.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { backUp, type FinishedRun, testClock, testDirectory, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { restore } from './restore-run.ts';
import { readStored } from './stored-site.ts';

// Every count that the site gives × what roles of an object type hide from the account that backs up.

type Company = ReturnType<typeof companySite>;

const hidings: { name: string; hidden: number; hide: (company: Company) => void }[] = [
  { name: 'one object', hidden: 1, hide: ({ site, laptops }) => site.roles.hideObject(laptops[2] as StoredObject) },
  {
    name: 'some objects',
    hidden: 4,
    hide: ({ site, laptops }) => {
      for (const laptop of laptops.slice(2)) site.roles.hideObject(laptop);
    },
  },
  { name: 'all objects of a type', hidden: 6, hide: ({ site, laptop }) => site.roles.hideObjectsOf(laptop) },
];
const counts: readonly ObjectCount[] = ['type', 'schema', 'usage', 'totalcount'];
/** Every count alone, all together, and as the documentation leads to expect. */
const counting: readonly (readonly ObjectCount[])[] = [
  ...counts.map((count) => [count]),
  counts,
  ['type', 'schema', 'usage'],
];

const matrix = counting.flatMap((counted) => hidings.map((hiding) => ({ ...hiding, counted, by: counted.join(', ') })));

/** What is stored is what the account sees. */
async function expectWhatIsSeen({ site }: Company, run: FinishedRun): Promise<void> {
  if (!run.manifest) throw run.error ?? new Error('no manifest');
  const stored = await readStored(run.directory, run.manifest);
  const seen = [...site.objects.all()].filter((object) => site.roles.seesObject(object)).map(({ id }) => String(id));
  expect([...stored.objects.keys()].sort()).toEqual(seen.sort());
}

const hiddenIn = ({ manifest }: FinishedRun) =>
  manifest?.gaps.map(({ kind, schemaKey, hidden }) => ({ kind, schemaKey, ...hidden }));

describe('roles that hide objects', () => {
  it.each(matrix)('$name, which $by still counts, are a gap with their number', async ({ hide, hidden, counted }) => {
    const company = companySite();
    hide(company);
    const simulator = await testSimulator({ site: company.site, quirks: { hiddenCountedBy: counted } });
    const run = await backUp(simulator);
    await expectWhatIsSeen(company, run);
    expect(run.result?.status).toBe('complete-with-gaps');
    expect(hiddenIn(run)).toEqual([{ kind: 'not-visible', schemaKey: 'ASSETS', number: hidden, of: 'objects' }]);
    expect(run.manifest?.gaps[0]?.reason).toMatch(/roles of an object type/);
  });

  it('are told of where /usage is refused, as it is for all but administrators', async () => {
    const company = companySite();
    for (const laptop of company.laptops.slice(1)) company.site.roles.hideObject(laptop);
    const run = await backUp(await testSimulator({ site: company.site, quirks: { usage: 'forbidden' } }));
    expect(run.result?.status).toBe('complete-with-gaps');
    expect(run.manifest?.gaps).toMatchObject([{ objectTypeId: String(company.laptop.id), hidden: { number: 5 } }]);
  });

  it.each(counting)('hide a type with all its objects: counted by %s', async (...counted) => {
    const company = companySite();
    company.site.roles.hideType(company.laptop);
    const run = await backUp(await testSimulator({ site: company.site, quirks: { hiddenCountedBy: counted } }));
    await expectWhatIsSeen(company, run);
    expect(run.result?.status).toBe('complete-with-gaps');
    // The schema says how many types it has, whatever counts its objects.
    const ofTypes = { kind: 'not-visible', schemaKey: 'ASSETS', number: 1, of: 'object-types' };
    const ofObjects = { ...ofTypes, number: 6, of: 'objects' };
    const isToldByType = counted.length === 1 && counted[0] === 'type';
    expect(hiddenIn(run)).toEqual(isToldByType ? [ofTypes] : [ofTypes, ofObjects]);
  });

  it('are no fault of the account where no count tells them: nobody can know', async () => {
    const company = companySite();
    company.site.roles.hideObjectsOf(company.laptop);
    const run = await backUp(await testSimulator({ site: company.site, quirks: { hiddenCountedBy: [] } }));
    expect(run.result?.status).toBe('complete');
  });

  it('are no gap of objects that only came, or that a search does not show yet', async () => {
    const { site, laptop } = companySite();
    const simulator = await testSimulator({ site, quirks: { searchLagMs: 30_000 } });
    let made = 0;
    simulator.onRequest('*', () => {
      if (made < 20) site.createObject({ type: laptop, name: `new ${made++}` });
    });
    const run = await backUp(simulator, { activity: false });
    expect(run.manifest?.gaps).toEqual([]);
    expect(run.result?.status).toBe('complete');
  });
});

describe('accept', () => {
  async function accepted() {
    const company = companySite();
    for (const laptop of company.laptops.slice(3)) company.site.roles.hideObject(laptop);
    const simulator = await testSimulator({ site: company.site });
    const directory = testDirectory();
    const night = () => backUp(simulator, { directory, activity: false });
    const { product } = pretendProduct(undefined, { openBackups: async (folder) => openLocalStores(folder).backups });
    const command = async (...words: string[]): Promise<{ code: ExitCode; io: RecordedIo }> => {
      // In the time of the backups, which is ahead.
      const io = Object.assign(new RecordedIo(), { now: () => testClock.now() });
      const code = await runCommandLine(['accept', ...words, '--local', directory], io, product);
      return { code, io };
    };
    const first = await night();
    return { ...company, simulator, directory, night, command, name: first.manifest?.name ?? '' };
  }

  it('makes it a notice with who, when and why, for as long as the number stays', async () => {
    const { site, laptops, laptop, night, command, name } = await accepted();
    const { code, io } = await command(name, '--type', String(laptop.id), '--because', 'salaries');
    expect(code).toBe(0);
    expect(io.stdout.text).toContain('does not see 3 objects');
    const second = await night();
    expect(second.result).toMatchObject({ status: 'complete', gaps: 0 });
    expect(second.manifest?.notices).toMatchObject([
      {
        kind: 'accepted',
        message: expect.stringMatching(
          /3 objects of Laptop are not visible .* on .* accepted that on \d{4}-\d\d-\d\d: salaries$/,
        ),
      },
    ]);
    site.roles.hideObject(laptops[0] as StoredObject);
    const third = await night();
    expect(third.result?.status).toBe('complete-with-gaps');
    expect(third.manifest?.gaps).toMatchObject([{ kind: 'not-visible', hidden: { number: 4 } }]);
    // Accepted anew, by the word for the newest backup, with a document for programs.
    const again = await command('latest', '--because', 'more of them', '--json');
    expect(again.io.document()).toMatchObject({
      backup: third.manifest?.name,
      accepted: [{ number: 4, because: 'more of them' }],
    });
    const fourth = await night();
    expect(fourth.result?.status).toBe('complete');
    const twice = await command(fourth.manifest?.name ?? '', '--because', 'more of them');
    expect(twice.code).toBe(2);
    expect(twice.io.stderr.text).toContain('It is accepted already');
    site.roles.showAll();
    expect((await night()).manifest?.notices).toEqual([]);
  });

  it('says "1 object" of one', async () => {
    const { site, laptops, night, command } = await accepted();
    site.roles.showAll();
    site.roles.hideObject(laptops[0] as StoredObject);
    await night();
    const { io } = await command('latest', '--because', 'its salary');
    expect(io.stdout.text).toContain('does not see 1 object of');
  });

  it('is refused without a reason, and where there is nothing to accept', async () => {
    const { command, laptop, place, name } = await accepted();
    expect((await command(name, '--because', '  ')).code).toBe(2);
    expect((await command(name)).code).toBe(2);
    const wrong = await command(name, '--type', String(place.id), '--because', 'x');
    expect(wrong.code).toBe(2);
    expect(wrong.io.stderr.text).toContain(`It has such in the object types ${laptop.id}.`);
    expect((await command('2026-01-01_00-00-00', '--because', 'x')).code).toBe(10);
  });

  it('changes nothing of the backup: it verifies, and restores with the loss', async () => {
    const { site, simulator, directory, command, name, laptops } = await accepted();
    await command(name, '--because', 'salaries');
    const { backups } = openLocalStores(directory);
    const verified = await verifyBackup(
      { backups, reporter: { planned() {}, advanced() {}, requested() {}, event() {} } },
      name,
    );
    expect(verified.problems).toEqual([]);
    site.deleteObject(laptops[0] as StoredObject);
    const restored = await restore(simulator, directory, { folder: name });
    expect(restored.report?.losses).toContainEqual(
      expect.objectContaining({ kind: 'object', where: 'ASSETS: 3 objects of Laptop', values: 3 }),
    );
  });
});
