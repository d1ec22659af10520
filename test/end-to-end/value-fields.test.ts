import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Loss } from '../../core/model/restore.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { leftOutInTurn, optionalValueFields } from '../../simulator/shapes/value-fields.ts';
import type { AttributeInput, ValueInput } from '../../simulator/site/builder-inputs.ts';
import { type Kind, kinds } from '../../simulator/site/kinds.ts';
import type { Quirks } from '../../simulator/site/quirks.ts';
import type { Attribute, StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { backUp, testSimulator } from './local-run.ts';
import { copySite, linesIn, restore } from './restore-run.ts';

/** Every way in which answers may say who somebody is. */
const saysAll: Partial<Quirks> = {
  valueOfNestedKinds: 'present',
  accountFields: ['accountId', 'user.accountId'],
  groupSearchValue: 'groupId',
};
const everything = [...new Set(Object.values(optionalValueFields).flat())];

const allKinds = Object.keys(kinds) as Kind[];
const combinations = (kind: Kind) => 2 ** (optionalValueFields[kind] ?? ['value', 'searchValue']).length;

const plainValues: Partial<Record<Kind, string>> = {
  text: 'Plain text',
  integer: '-12',
  boolean: 'true',
  double: '1.5',
  date: '2021-02-16',
  time: '10:15',
  datetime: '2021-02-16T20:04:41.527Z',
  url: 'https://example.com/a',
  email: 'who@example.com',
  textarea: 'Two\nlines',
  select: 'Tier 1',
  ipAddress: '10.0.0.1',
  version: '10001',
  confluence: '20002',
  bitbucket: 'team/repository',
};

/** Of each kind a type with as many objects as there are combinations of fields that may be missing. */
function everyKind(): SimulatedSite {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'VAL' });
  const other = site.addSchema({ key: 'OTH' });
  const own = site.addStatusType({ name: 'Own', schema });
  const shared = [site.addStatusType({ name: 'Twin', schema }), site.addStatusType({ name: 'Twin', schema: other })];
  const global = site.addStatusType({ name: 'Worldwide' });
  const twins = [site.addStatusType({ name: 'Ambiguous', schema }), site.addStatusType({ name: 'Ambiguous' })];
  const [one, first] = [site.addUser({ displayName: 'Ada Lovelace' }), site.addUser({ displayName: 'Jo Kim' })];
  site.addUser({ displayName: 'Jo Kim', emailAddress: 'other.kim@example.com' });
  const team = site.addGroup('it-team');
  const project = site.addProject('OPS', 'Operations');
  const place = site.addType({ schema, name: 'Place' });
  const berlin = site.addObject({ type: place, name: 'Berlin' });
  const valuesOf: Partial<Record<Kind, ValueInput[]>> = {
    user: [one, first],
    group: [team],
    status: [own, shared[0], global, twins[0]].filter((status) => status !== undefined),
    reference: [berlin],
    project: [project],
  };
  for (const kind of allKinds) {
    const type = site.addType({ schema, name: kind });
    const input: AttributeInput = { type, name: 'Value', kind, multiple: true };
    site.addAttribute({
      ...input,
      ...(kind === 'reference' && { target: place }),
      ...(kind === 'select' && { options: ['Tier 1'] }),
    });
    const Value = valuesOf[kind] ?? [plainValues[kind] ?? ''];
    for (let number = 0; number < combinations(kind); number += 1) {
      site.addObject({ type, name: `${kind} ${number}`, values: { Value } });
    }
  }
  return site;
}

/** What of a value a site shows: `displayValue` always is. */
const shows = (left: readonly string[]) => (path: string) =>
  !left.includes(path) && !left.includes(path.split('.')[0] ?? '');

/** Which of an object's values nothing in its record identifies, and why each is lost. */
function lostOf(kind: Kind, left: readonly string[], listsUsers: boolean): RegExp[] {
  const says = (...paths: string[]) => paths.some(shows(left));
  switch (kind) {
    case 'user': {
      if (says('value', 'searchValue', 'accountId', 'user.key', 'user.accountId')) return [];
      const byName = /^the backup holds no account id of the user, only a name, and /;
      if (!listsUsers) return [byName, byName];
      return says('user.emailAddress') ? [] : [/only a name, and several users of the target have that name/];
    }
    case 'group':
      return [];
    case 'status':
      return says('value', 'searchValue', 'status.id') ? [] : [/no id of the status, only a name, and it has several/];
    case 'reference': {
      const paths = ['referencedObject.id', 'referencedObject.globalId', 'referencedObject.objectKey'];
      return says('value', 'searchValue', ...paths) ? [] : [/no key of the object that it refers to, only its label/];
    }
    default: {
      const nested = { project: 'project.key', version: 'version.id', confluence: 'confluencePage.id' }[kind as string];
      if (says('value', 'searchValue', ...(nested ? [nested] : []))) return [];
      const isInItsOwnForm = kinds[kind].type === 0 && kind !== 'date' && kind !== 'datetime';
      return isInItsOwnForm ? [] : [/no more of the value than how the site showed it/];
    }
  }
}

const attributeOf = (site: SimulatedSite, object: StoredObject): Attribute | undefined =>
  site.typeAttributes(object.typeId).find(({ name }) => name === 'Value');

/** What a person would say the object holds: names instead of the ids that differ between sites. */
function held(site: SimulatedSite, object: StoredObject | undefined): string[] {
  const attribute = object && attributeOf(site, object);
  const texts = (attribute && object?.values.get(attribute.id)) ?? [];
  return texts.map((text) => {
    if (attribute?.kind === 'reference') return `→ ${site.label(site.object(text))}`;
    if (attribute?.kind !== 'status') return text;
    const status = site.statusTypes.get(Number(text));
    return `${status?.name} of ${site.schemas.get(status?.schemaId ?? 0)?.key}`;
  });
}

const places: { name: string; source: Partial<Quirks>; target: Partial<Quirks> }[] = [
  { name: 'a target that says everything', source: { withoutValueFields: 'in-turns' }, target: {} },
  {
    name: 'a target that leaves out as much',
    source: { withoutValueFields: 'in-turns' },
    target: { withoutValueFields: 'in-turns' },
  },
  {
    name: 'a target that says nothing but what is shown',
    source: { withoutValueFields: 'in-turns' },
    target: { withoutValueFields: everything },
  },
  {
    name: 'a target whose users may not be listed',
    source: { withoutValueFields: 'in-turns' },
    target: { usersSearch: 'forbidden', groupBulk: 'forbidden' },
  },
  { name: 'a source that says nothing but what is shown', source: { withoutValueFields: everything }, target: {} },
  {
    name: 'two sites that say nothing but what is shown',
    source: { withoutValueFields: everything },
    target: { withoutValueFields: everything },
  },
];

describe('Of values in which every optional field is missing in every combination', () => {
  it.each(places)('what identifies them is restored, and the rest is told, with $name', async ({ source, target }) => {
    const site = everyKind();
    const other = emptySiteLike(site);
    const quirks = { source: { ...saysAll, ...source }, target: { ...saysAll, ...target } };
    const { restored, directory, simulator, again } = await copySite(site, other, {}, quirks);

    expect(restored.error).toBeUndefined();
    expect(restored.report?.differences).toEqual([]);
    const losses = linesIn<Loss>(directory, restored.report?.files.losses ?? '');
    const told = Map.groupBy(losses, (loss) => loss.source);
    let lostValues = 0;
    for (const object of site.objects.all()) {
      const attribute = attributeOf(site, object);
      if (!attribute) continue;
      const { withoutValueFields } = quirks.source;
      const left = withoutValueFields === 'in-turns' ? leftOutInTurn(attribute.kind, object.id) : everything;
      const lost = lostOf(attribute.kind, left, quirks.target.usersSearch !== 'forbidden');
      const what = `${site.label(object)} without ${left.join(', ')}`;
      const image = other.objects.get(Number(restored.objects.get(String(object.id))));
      const wanted = held(site, object);
      // The lost ones are the last: somebody who shares a name, a status whose name another has.
      expect({ what, holds: held(other, image) }).toEqual({
        what,
        holds: wanted.slice(0, wanted.length - lost.length),
      });
      const reasons = (told.get(String(object.id)) ?? []).flatMap(({ values, reason }) =>
        Array.from({ length: values }, () => reason),
      );
      expect({ what, reasons }).toEqual({ what, reasons: lost.map((reason) => expect.stringMatching(reason)) });
      lostValues += lost.length;
    }
    expect(losses.reduce((sum, { values }) => sum + values, 0)).toBe(lostValues);

    simulator.requests.reset();
    const second = await again();
    expect(second.error).toBeUndefined();
    expect(second.report?.differences).toEqual([]);
    expect(second.report?.lossCount).toBe(restored.report?.lossCount);
    expect(simulator.requests.writesByEndpoint()).toEqual({});
  });

  it.each([['in-turns'], [everything]] as const)(
    'nothing is changed of what is there (%#)',
    async (withoutValueFields) => {
      const site = everyKind();
      const simulator = await testSimulator({ site, quirks: { ...saysAll, withoutValueFields } });
      const { directory, result } = await backUp(simulator);
      const objects = [...site.objects.all()];
      const before = new Map(objects.map((object) => [object.id, held(site, object)]));
      const [gone] = objects.filter(({ typeId }) => site.type(typeId).name === 'integer');
      if (gone) site.deleteObject(gone);
      simulator.requests.reset();

      const { report, error } = await restore(simulator, directory, { folder: result?.backup ?? '' });

      expect(error).toBeUndefined();
      expect(report?.differences).toEqual([]);
      expect(report).toMatchObject({ lossCount: 0, changed: { attributes: 0 } });
      expect(simulator.requests.writesByEndpoint()).toEqual({ 'object-create': 1, 'comment-create': 1 });
      for (const object of objects) if (object !== gone) expect(held(site, object)).toEqual(before.get(object.id));
    },
  );
});

describe('Users of whom the backup holds but a name', () => {
  async function named() {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'VAL' });
    const type = site.addType({ schema, name: 'Thing' });
    site.addAttribute({ type, name: 'Value', kind: 'user' });
    const [first, second] = [1, 2].map((number) =>
      site.addUser({ displayName: 'Jo Kim', emailAddress: `jo.kim.${number}@example.com` }),
    );
    if (first) site.addObject({ type, name: 'Laptop', values: { Value: first } });
    const from = await testSimulator({ site, quirks: { withoutValueFields: everything } });
    const { directory, result } = await backUp(from);
    const other = emptySiteLike(site);
    const target = await testSimulator({ site: other });
    const folder = result?.backup ?? '';
    const run = (input: Record<string, unknown> = {}) => restore(target, directory, { folder, ...input });
    const owners = () => [...other.objects.all()].flatMap((object) => held(other, object));
    return { directory, run, owners, second };
  }

  it('are in the users file to fill in, which then says who they are', async () => {
    const { directory, run, owners, second } = await named();
    const dry = await run({ dryRun: true });
    const template = readFileSync(join(directory, '.work', dry.plan?.usersTemplate ?? ''), 'utf8');
    expect(template).toContain('Jo Kim,,user of this name - left out while the second column is empty');
    expect(dry.plan).toMatchObject({ missingAccounts: ['Jo Kim'], lossCount: 1 });
    expect(dry.plan?.losses[0]?.reason).toContain('several users of the target have that name');

    const users = 'users.csv';
    const filledIn = template.replace('Jo Kim,,', `Jo Kim,${second?.accountId},`);
    writeFileSync(join(directory, '.work', users), filledIn);
    const { result } = await run({ users });

    expect(result?.outcome).toBe('restored');
    expect(owners()).toEqual([second?.accountId]);
  });
});
