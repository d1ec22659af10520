import { describe, expect, it } from 'vitest';
import type { Loss } from '../../core/model/restore.ts';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import type { Quirks } from '../../simulator/site/quirks.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites, type EqualSitesOptions } from './equal-sites.ts';
import { type Copied, copySite, linesIn } from './restore-run.ts';

async function copied(
  source: SimulatedSite,
  quirks: { source?: Partial<Quirks>; target?: Partial<Quirks> },
): Promise<{ copy: Copied; losses: Loss[]; differences: (options?: Partial<EqualSitesOptions>) => string[] }> {
  const target = emptySiteLike(source);
  const copy = await copySite(source, target, {}, quirks);
  const { report, objects } = copy.restored;
  return {
    copy,
    losses: report?.files.losses ? linesIn<Loss>(copy.directory, report.files.losses) : [],
    differences: (options) => compareSites(source, target, { objects, history: true, ...options }),
  };
}

const harmless: { name: string; source?: Partial<Quirks>; target?: Partial<Quirks> }[] = [
  { name: 'nothing unusual' },
  { name: 'ids of attributes have to be numbers', target: { attributeIds: 'number' } },
  { name: 'references are written as keys', target: { referenceValues: 'key' } },
  { name: 'references are written as ids', target: { referenceValues: 'id' } },
  { name: 'groups are written by name', target: { groupValues: 'name' } },
  { name: 'groups are written by id', target: { groupValues: 'groupId' } },
  { name: 'the source has no display names', source: { displayName: false } },
  {
    name: 'display names are shown where they are not the names',
    source: { displayNameShown: 'where-other' },
    target: { displayNameShown: 'where-other' },
  },
  { name: 'neither site has display names', source: { displayName: false }, target: { displayName: false } },
  { name: 'no answer of the target says the kind of an attribute', target: { attributeType: 'never' } },
  { name: 'every answer says it', source: { attributeType: 'always' }, target: { attributeType: 'always' } },
  { name: 'icons of the source have UUIDs', source: { iconIds: 'uuid' } },
  { name: 'icons of the target have UUIDs', target: { iconIds: 'uuid' } },
  {
    name: 'nested kinds have a value too',
    source: { valueOfNestedKinds: 'present' },
    target: { valueOfNestedKinds: 'present' },
  },
  { name: 'users may not be listed', target: { usersSearch: 'forbidden' } },
  { name: 'groups may not be listed', target: { groupBulk: 'forbidden' } },
  { name: 'pages of users and groups hold two', target: { userPageSize: 2 } },
  { name: 'isLast is a boolean', source: { isLast: 'boolean' }, target: { isLast: 'boolean' } },
  { name: 'isLast is not there', source: { isLast: 'absent' }, target: { isLast: 'absent' } },
  { name: 'isLast is wrong for large pages', target: { isLastWrongFrom: 300 } },
  { name: 'pages hold five', source: { maxPageSize: 5 }, target: { maxPageSize: 5 } },
  { name: 'keys are sorted as texts', source: { keySort: 'text' }, target: { keySort: 'text' } },
  { name: 'new objects are found only after half a minute', target: { searchLagMs: 30_000 } },
  { name: 'usage is for administrators', target: { usage: 'forbidden' } },
  { name: 'five properties of a schema may be set', target: { schemaProperties: 'five' } },
  { name: 'history has no types', source: { historyType: false } },
  { name: 'bodies may hold anything', target: { bodies: 'lenient' } },
  { name: 'an unknown route is a web page', target: { unknownRoute: 'html' } },
];

/** What every restore of the configuration site tells: two properties of a schema that nobody can set. */
const isUnwritable = ({ kind, reason }: Loss) => kind === 'schema' && /lets nobody set its property/.test(reason);

async function expectWhole(source: SimulatedSite, quirks: { source?: Partial<Quirks>; target?: Partial<Quirks> }) {
  const { copy, losses, differences } = await copied(source, quirks);
  expect(copy.restored.error).toBeUndefined();
  expect(copy.restored.report?.differences).toEqual([]);
  expect(losses.filter((loss) => !isUnwritable(loss))).toEqual([]);
  expect(copy.restored.result?.outcome).toBe(losses.length === 0 ? 'restored' : 'restored-with-losses');
  expect(differences()).toEqual([]);
}

describe('a site with every feature of a configuration is restored whole', () => {
  it.each(harmless)('where $name', ({ name: _, ...quirks }) => expectWhole(configurationSite(), quirks));
});

/** What can be so at one site at once. */
const together: { name: string; source?: Partial<Quirks>; target?: Partial<Quirks> }[] = [
  {
    name: 'old sites that cap everything',
    source: { displayName: false, maxPageSize: 5, isLast: 'absent', keySort: 'text', historyType: false },
    target: { displayName: false, maxPageSize: 5, isLast: 'absent', keySort: 'text', userPageSize: 2 },
  },
  {
    name: 'a target that is strict, slow to find, and keeps its lists to itself',
    source: { valueOfNestedKinds: 'present', iconIds: 'uuid' },
    target: {
      attributeIds: 'number',
      referenceValues: 'key',
      groupValues: 'name',
      searchLagMs: 30_000,
      usage: 'forbidden',
      usersSearch: 'forbidden',
      groupBulk: 'forbidden',
    },
  },
  {
    name: 'sites that write ids, and say little or much of attributes',
    source: { attributeType: 'always', isLast: 'boolean' },
    target: {
      referenceValues: 'id',
      attributeType: 'never',
      iconIds: 'uuid',
      isLast: 'boolean',
      schemaProperties: 'five',
    },
  },
];

describe.each([5, 11, 23])('random site %i is restored whole', (seed) => {
  it.each(together)('between $name', ({ name: _, ...quirks }) => expectWhole(randomSite(seed, 30), quirks));
});

interface Lossy {
  readonly name: string;
  readonly make: () => SimulatedSite;
  readonly source?: Partial<Quirks>;
  readonly target?: Partial<Quirks>;
  /** Each loss reads like this: kind, where, attribute, reason. */
  readonly losses: RegExp;
  /** Each difference of the sites reads like this. */
  readonly differences: RegExp;
  /** Of these there are as many as losses, where one loss is one difference. */
  readonly areAsMany?: boolean;
  readonly ignored?: Partial<EqualSitesOptions>;
}

const lossy: Lossy[] = [
  {
    name: 'groups are written by an id that the login may not look up',
    make: awkwardSite,
    target: { groupValues: 'groupId', groupBulk: 'forbidden' },
    losses: /^object AUX-\d+ Team: the target does not know the group/,
    differences: /· "Team" holds \[\], not/,
    areAsMany: true,
    ignored: { ignoredKinds: ['group'] },
  },
  {
    name: 'the target takes no comments',
    make: configurationSite,
    target: { comments: 'not-offered' },
    losses: /^comment .*does not have this endpoint/,
    differences: /: (comment 1 is there 0 times|history entry 1 is in no comment)$/,
    ignored: { comments: false, history: false },
  },
  {
    name: 'the target does not order attributes',
    make: configurationSite,
    target: { attributePosition: 'not-offered' },
    losses: /^object-type CFG \/ Hardware \/ Server( \/ [^:]+)? : the order of its attributes/,
    differences: /^attributes of CFG: "Hardware" \/ "Server"( \/ .+)? are in another order/,
    areAsMany: true,
    ignored: { attributeOrder: false },
  },
  {
    name: 'the target takes no images',
    make: configurationSite,
    target: { iconUpload: 'not-offered' },
    losses: /^icon icon Rack unit : the target takes no images: .*get the icon Box$/,
    differences: /^type CFG : "Hardware" \/ "Rack": (icon is "Box", not "Rack unit"|image is nothing)/,
    ignored: { icons: false },
  },
  {
    name: 'the target wants the names of types to be unique in a schema',
    make: awkwardSite,
    target: { typeNamesUniqueIn: 'schema' },
    losses: /^(object-type|attribute) AUX \/ Second parent \/ Twin|^object AUX-47 : its object type could not be made/,
    differences: /^(type AUX : "Second parent" \/ "Twin"|object AUX-47 "One Twin") is missing$/,
  },
  {
    name: 'the target takes no deactivated users',
    make: awkwardSite,
    target: { deactivatedUsers: 'rejected' },
    losses: /^object AUX-\d+ (Owner|Watchers): the target does not know the user/,
    differences: /· "(Owner|Watchers)" holds/,
    areAsMany: true,
    ignored: { ignoredKinds: ['user'] },
  },
  {
    name: 'the target takes no deactivated users and lists none',
    make: awkwardSite,
    target: { deactivatedUsers: 'rejected', usersSearch: 'forbidden', groupBulk: 'forbidden' },
    losses: /^object AUX-\d+ (Owner|Watchers): the target does not know the user/,
    differences: /· "(Owner|Watchers)" holds/,
    areAsMany: true,
    ignored: { ignoredKinds: ['user'] },
  },
  {
    name: 'no answer of the source says the kind of an attribute, and its values do not show it',
    make: configurationSite,
    source: { attributeType: 'never' },
    losses: /^(attribute CFG \/ Hardware \/ Server: Bitbucket|object CFG-3 Bitbucket).*: nothing in the backup tells/,
    differences: /own Bitbucket is missing|"Bitbucket" holds \[\], not/,
    areAsMany: true,
  },
];

describe('a restore loses only what it names', () => {
  it.each(lossy)(
    'where $name',
    async ({ make, source, target, losses: said, differences: seen, areAsMany, ignored }) => {
      const { copy, losses, differences } = await copied(make(), {
        ...(source && { source }),
        ...(target && { target }),
      });
      expect(copy.restored.error).toBeUndefined();
      expect(copy.restored.report?.differences).toEqual([]);
      expect(copy.restored.result?.outcome).toBe('restored-with-losses');
      const quirky = losses.filter((loss) => !isUnwritable(loss));
      const told = quirky.map(({ kind, where, attribute, reason }) => `${kind} ${where} ${attribute ?? ''}: ${reason}`);
      expect(told.filter((text) => !said.test(text))).toEqual([]);
      const found = differences();
      expect(found.filter((text) => !seen.test(text))).toEqual([]);
      expect(found.length).toBeGreaterThan(0);
      if (areAsMany) expect(told).toHaveLength(found.length);
      else expect(told.length).toBeGreaterThan(0);
      if (ignored) expect(differences(ignored)).toEqual([]);
    },
  );

  it('where the target takes no signs in names, each status and type that it refuses', async () => {
    const source = awkwardSite();
    const target = emptySiteLike(source);
    const objectSchemas = [...source.schemas.values()].map(({ key }) => ({
      oldObjectSchemaKey: key,
      newObjectSchemaName: `Plain ${key}`,
    }));
    const { restored } = await copySite(
      source,
      target,
      { objectSchemas },
      { target: { reservedNameCharacters: 'rejected' } },
    );
    expect(restored.report?.differences).toEqual([]);
    expect(restored.result?.outcome).toBe('restored-with-losses');
    const refused = restored.report?.losses.filter(({ reason }) => reason.includes('was refused')) ?? [];
    const isOdd = ({ name }: { name: string }) => /[=;:?."]/.test(name);
    const odd = [...source.types.values(), ...source.statusTypes.values()].filter(isOdd);
    expect(refused.map(({ where }) => where).sort()).toEqual(
      odd.map(({ name, ...thing }) => ('category' in thing ? `AUX: ${name}` : `AUX / ${name}`)).sort(),
    );
    const missing = compareSites(source, target, { objects: restored.objects, history: true });
    const unnamed = missing.filter(
      (text) =>
        !/^schema \w+: (name|displayName) is "Plain|^(type|object) .* is missing$|In: use\?|"State" holds/.test(text),
    );
    // The attribute that was restricted to the refused status.
    expect(unnamed).toEqual(['attribute AUX: "With people" own State: typeValueMulti is [], not ["lost 8"]']);
    expect(restored.report?.losses).toContainEqual(
      expect.objectContaining({ kind: 'attribute', where: 'AUX / With people: State' }),
    );
  });

  it('where the target takes no signs in names of schemas, it stops with a sentence that says how to go on', async () => {
    const source = awkwardSite();
    const target = emptySiteLike(source);
    const { restored } = await copySite(source, target, {}, { target: { reservedNameCharacters: 'rejected' } });
    expect(restored.error).toMatchObject({ name: 'TargetRefusedError', exitCode: 1, isUserMistake: true });
    expect(restored.error?.message).toMatch(/^The schema CON could not be made: .*[^.]\.$/);
    expect(target.schemas.size).toBe(0);
  });

  it('where the source offers no comments, and the plan warns of it', async () => {
    const source = configurationSite();
    const { copy, differences } = await copied(source, { source: { comments: 'not-offered' } });
    expect(copy.restored.plan?.warnings).toContainEqual(expect.stringMatching(/did not offer comments/));
    expect(copy.restored.report?.differences).toEqual([]);
    expect(differences()).toEqual(['object CFG-3: comment 1 is there 0 times']);
    expect(differences({ comments: false })).toEqual([]);
  });
});
