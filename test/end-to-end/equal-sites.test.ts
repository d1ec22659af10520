import { describe, expect, it } from 'vitest';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { circlesSite } from '../../simulator/seeds/circles.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { demoSite } from '../../simulator/seeds/demo.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { positionAttribute } from '../../simulator/site/attribute-writes.ts';
import { drawIcon } from '../../simulator/site/icon-image.ts';
import type { Attribute, Comment, ObjectType, Schema, StatusType, StoredObject } from '../../simulator/site/records.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { positionType } from '../../simulator/site/type-writes.ts';
import { compareSites, type EqualSitesOptions } from './equal-sites.ts';

const offset = 5_000;

/** Every object of a site with the same object of its twin, whose ids are higher by the offset. */
const twins = (site: SimulatedSite, by = offset) => new Map([...site.objects.all()].map(({ id }) => [id, id + by]));

/** The sentences for a copy of the same seed that was changed. */
function differences(change: (site: SimulatedSite) => void, options: Partial<EqualSitesOptions> = {}): string[] {
  const source = configurationSite();
  const target = configurationSite({ idsAbove: offset });
  change(target);
  target.configurationChanged();
  return compareSites(source, target, { objects: twins(source), allProperties: true, ...options });
}

const schemaOf = (site: SimulatedSite) => [...site.schemas.values()][0] as Schema;
const typeOf = (site: SimulatedSite, name: string) =>
  [...site.types.values()].find((type) => type.name === name) as ObjectType;
const statusOf = (site: SimulatedSite, name: string) =>
  [...site.statusTypes.values()].find((status) => status.name === name) as StatusType;
const attributeOf = (site: SimulatedSite, name: string) =>
  site.typeAttributes(typeOf(site, 'Server').id).find((attribute) => attribute.name === name) as Attribute;
const serverOf = (site: SimulatedSite) =>
  [...site.objects.all()].find(({ id }) => site.label(site.object(id)) === 'Web server') as StoredObject;
const commentOf = (site: SimulatedSite) => site.commentsOf(serverOf(site).id)[0] as Comment;

/** A change of one field of one attribute, all of which have to be seen. */
function changed(name: string, fields: Partial<Attribute>): [string, (site: SimulatedSite) => void, RegExp] {
  const field = Object.keys(fields)[0] ?? '';
  const change = (site: SimulatedSite) => void Object.assign(attributeOf(site, name), fields);
  return [
    `${field} of ${name}`,
    change,
    new RegExp(`"Server" ${name === 'Name' ? 'automatic name' : `own ${name}`}: ${field} is`),
  ];
}

/** Sets values without asking the rules. */
function setValues(site: SimulatedSite, name: string, change: (values: readonly string[]) => readonly string[]): void {
  const object = serverOf(site);
  const { id } = attributeOf(site, name);
  site.objects.setValues(object, new Map([...object.values, [id, change(object.values.get(id) ?? [])]]));
}

describe('equal sites', () => {
  it('are those of the same seed, whatever their ids', () => {
    const makers = [
      configurationSite,
      circlesSite,
      demoSite,
      ...Array.from({ length: 40 }, (_, seed) => (options: object) => randomSite(seed, 25, options)),
    ];
    for (const make of makers) {
      const source = make({});
      const target = make({ idsAbove: offset });
      expect(compareSites(source, target, { objects: twins(source), allProperties: true })).toEqual([]);
    }
    const awkward = awkwardSite();
    expect(compareSites(awkward, awkwardSite(), { objects: twins(awkward, 0) })).toEqual([]);
  });

  it('may differ in what a restore was told to leave', () => {
    expect(
      differences((site) => Object.assign(attributeOf(site, 'Text'), { unique: false }), { restrictions: false }),
    ).toEqual([]);
    expect(
      differences((site) => positionAttribute(site, attributeOf(site, 'Text'), 9), { attributeOrder: false }),
    ).toEqual([]);
    expect(
      differences((site) => Object.assign(schemaOf(site).properties, { createObjectsCustomField: false }), {
        allProperties: false,
      }),
    ).toEqual([]);
    expect(
      differences((site) => site.addType({ schema: schemaOf(site), name: 'More' }), { mayHaveMore: true }),
    ).toEqual([]);
    expect(differences((site) => Object.assign(statusOf(site, 'Lost'), { category: 1 }), { globals: false })).toEqual(
      [],
    );
    expect(
      differences((site) => Object.assign(typeOf(site, 'Rack'), { iconId: offset + 3 }), { icons: false }),
    ).toEqual([]);
    expect(differences((site) => setValues(site, 'Version', () => []), { ignoredKinds: ['version'] })).toEqual([]);
    const added = differences((site) => site.addObject({ type: typeOf(site, 'Rack'), name: 'R3' }), {
      existingBefore: new Set([String(offset + 5)]),
    });
    expect(added).toEqual([]);
  });

  it('may point out of the compared schemas, when told so', () => {
    const schemas = new Map([['OTHER', 'OTHER']]);
    const outside = (more: Partial<EqualSitesOptions>, change = (_: SimulatedSite) => {}) =>
      differences(change, { schemas, objects: new Map([[4, offset + 4]]), globals: false, ...more });
    const gone = (site: SimulatedSite) => {
      site.attributes.delete([...site.attributes.values()].find(({ name }) => name === 'Covers')?.id ?? 0);
      site.schemas.delete(schemaOf(site).id);
    };
    expect(outside({}).join()).toMatch(/"Covers" holds \["5003"\], not \["lost 3"\]/);
    expect(outside({ referencesOutside: 'dropped' }, gone)).toEqual([]);
    expect(outside({}, gone).join()).toContain('own Covers is missing');
  });

  it('differ in display names only where both sites have them', () => {
    const change = (site: SimulatedSite) => {
      attributeOf(site, 'Text').displayName = 'Text';
      site.quirks.displayName = false;
    };
    expect(differences(change)).toEqual([]);
  });

  it('may have other schema keys and other account ids', () => {
    const schemas = new Map([
      ['CFG', 'COPY'],
      ['OTHER', 'OTHER'],
    ]);
    expect(differences((site) => Object.assign(schemaOf(site), { key: 'COPY' }), { schemas })).toEqual([]);
    expect(differences((site) => Object.assign(schemaOf(site), { key: 'COPY' }))).toContainEqual(
      'schema CFG is missing',
    );
    const { accountId } = [...configurationSite().users.values()][1] ?? { accountId: '' };
    const moved = (site: SimulatedSite) => {
      site.addUser({ accountId: 'other', displayName: 'Jane Roe' });
      setValues(site, 'User', (ids) => ids.map((id) => (id === accountId ? 'other' : id)));
    };
    expect(differences(moved, { users: new Map([[accountId, 'other']]) })).toEqual([]);
    expect(differences(moved)).toEqual([expect.stringContaining('"User" holds')]);
  });
});

const changes: [string, (site: SimulatedSite) => void, RegExp][] = [
  ['name of a schema', (site) => Object.assign(schemaOf(site), { name: 'x' }), /schema CFG: name is "x"/],
  [
    'display name of a schema',
    (site) => Object.assign(schemaOf(site), { displayName: 'x' }),
    /schema CFG: displayName/,
  ],
  ['description of a schema', (site) => Object.assign(schemaOf(site), { description: '' }), /description is nothing/],
  ...['allowOtherObjectSchema', 'quickCreateObjects', 'serviceDescCustomersEnabled'].map(
    (name): [string, (site: SimulatedSite) => void, RegExp] => [
      `property ${name}`,
      (site) => Object.assign(schemaOf(site).properties, { [name]: false }),
      new RegExp(`schema CFG: ${name} is false, not true`),
    ],
  ),
  [
    'display name of a global status',
    (site) => Object.assign(statusOf(site, 'Lost'), { displayName: 'x' }),
    /status global Lost: displayName/,
  ],
  [
    'category of a status',
    (site) => Object.assign(statusOf(site, 'In use'), { category: 0 }),
    /status CFG In use: category/,
  ],
  [
    'description of a status',
    (site) => Object.assign(statusOf(site, 'In use'), { description: 'x' }),
    /status CFG In use: desc/,
  ],
  [
    'missing status',
    (site) => site.statusTypes.delete(statusOf(site, 'Retired').id),
    /status CFG Retired \(no. 2\) is missing/,
  ],
  [
    'global status made twice',
    (site) => site.addStatusType({ name: 'Active' }),
    /status global Active \(no. 2\) is too many/,
  ],
  ['status too many', (site) => site.addStatusType({ name: 'x', schema: schemaOf(site) }), /status CFG x is too many/],
  [
    'color of a reference type',
    (site) => {
      for (const type of site.referenceTypes.values()) if (type.color === '0000ff') type.color = '000000';
    },
    /reference type CFG Runs on \(no. 2\): color/,
  ],
  [
    'display name of a type',
    (site) => Object.assign(typeOf(site, 'Hardware'), { displayName: 'x' }),
    /"Hardware": displayName/,
  ],
  ['description of a type', (site) => Object.assign(typeOf(site, 'Rack'), { description: 'x' }), /"Rack": description/],
  [
    'icon of a type',
    (site) => Object.assign(typeOf(site, 'Hardware'), { iconId: offset + 1 }),
    /"Hardware": icon is "Box"/,
  ],
  ['picture of an icon', (site) => site.iconImages.set(typeOf(site, 'Rack').iconId, drawIcon(1, 16)), /"Rack": image/],
  ['inheritance of a type', (site) => Object.assign(typeOf(site, 'Blade'), { inherited: false }), /"Blade": inherited/],
  ['abstract type', (site) => Object.assign(typeOf(site, 'Hardware'), { abstract: false }), /"Hardware": abstract/],
  [
    'order of types',
    (site) => positionType(site, typeOf(site, 'Rack'), 0, typeOf(site, 'Hardware').id),
    /types below Hardware are in/,
  ],
  [
    'parent of a type',
    (site) => Object.assign(typeOf(site, 'Core'), { parentId: undefined }),
    /"Node" \/ "Core" is missing/,
  ],
  ['type too many', (site) => site.addType({ schema: schemaOf(site), name: 'x' }), /"x" is too many/],
  ['missing attribute', (site) => site.attributes.delete(attributeOf(site, 'Boolean').id), /own Boolean is missing/],
  ['attribute too many', (site) => site.addAttribute({ type: typeOf(site, 'Rack'), name: 'x' }), /own x is too many/],
  [
    'order of attributes',
    (site) => positionAttribute(site, attributeOf(site, 'Date'), 8),
    /attributes of .*"Server" are in another order/,
  ],
  ['label', (site) => site.setLabel(attributeOf(site, 'Name')), /own Text: label is false/],
  changed('Text', { kind: 'textarea' }),
  changed('Text', { displayName: 'x' }),
  changed('Text', { description: 'x' }),
  changed('Text', { unique: false }),
  changed('Text', { minimumCardinality: 0 }),
  changed('Text', { regexValidation: '.*' }),
  changed('Name', { description: 'x' }),
  changed('Name', { hidden: true }),
  changed('Integer', { hidden: false }),
  changed('Integer', { summable: false }),
  changed('Integer', { suffix: 'GB' }),
  changed('Url', { additionalValue: 'DISABLED' }),
  changed('Email', { maximumCardinality: -1 }),
  changed('Select', { options: 'small,large,middle size' }),
  changed('Reference', { includeChildObjectTypes: false }),
  changed('Reference', { targetTypeId: offset + 1 }),
  changed('Reference', { referenceTypeId: offset + 1 }),
  changed('Reference', { qlQuery: undefined }),
  // As it was at the source.
  changed('Reference', { qlQuery: 'objectTypeId = 2 AND objectSchemaId = 1' }),
  changed('User', { typeValueMulti: [] }),
  changed('Status', { typeValueMulti: [String(offset + 1)] }),
  ['missing object', (site) => site.deleteObject(serverOf(site)), /object CFG-3 "Web server" is missing/],
  [
    'object too many',
    (site) => site.addObject({ type: typeOf(site, 'Rack'), name: 'R3' }),
    /CFG-5005 "R3" is too many/,
  ],
  [
    'type of an object',
    (site) => site.moveObject(serverOf(site), typeOf(site, 'Core')),
    /"Web server": type is .*"Core"/,
  ],
  ['value', (site) => setValues(site, 'Double', () => ['1.5']), /"Double" holds \["1.5"\], not \["1.50"\]/],
  ['missing value', (site) => setValues(site, 'Textarea', () => ['']), /"Textarea" holds \[\], not/],
  ['value too many', (site) => setValues(site, 'Email', (values) => [...values, 'c@example.com']), /"Email" holds/],
  ['inherited value', (site) => setValues(site, 'Serial number', () => ['x']), /"Serial number" holds/],
  ['order of values', (site) => setValues(site, 'Select', (values) => values.toReversed()), /"Select" holds/],
  ['order of references', (site) => setValues(site, 'Reference', (values) => values.toReversed()), /"Reference" holds/],
  [
    'reference to another object',
    (site) => setValues(site, 'Reference', ([, b]) => [String(offset + 3), b ?? '']),
    /"Reference" holds/,
  ],
  [
    'another status of one name',
    (site) => setValues(site, 'Status', ([id]) => [String(Number(id) + 1)]),
    /"Status" holds/,
  ],
  ['user', (site) => setValues(site, 'User', ([first]) => [first ?? '']), /"User" holds/],
  ['group', (site) => setValues(site, 'Group', () => ['x']), /"Group" holds/],
];

describe('a site that was changed', () => {
  it.each(changes)('is seen to differ: %s', (_, change, sentence) => {
    expect(differences(change)).toContainEqual(expect.stringMatching(sentence));
  });

  it('is seen to differ where the reported objects do not correspond one to one', () => {
    const told = (objects: [number, number][]) => differences(() => {}, { objects: new Map(objects) });
    const good: [number, number][] = [1, 2, 3, 4].map((id) => [id, id + offset]);
    expect(told(good)).toEqual([]);
    expect(told(good.slice(1)).join()).toMatch(/"R1" is missing.*"R1" is too many/);
    expect(told([[1, offset + 2], ...good.slice(1)]).join()).toContain('objects 1 and 2 are both mapped to 5002');
    expect(told([...good, [9, offset + 9]])).toEqual(['object 9 is mapped, but not in the source']);
  });
});

/** The target's comments of the server replaced by these. */
function withComments(comments: readonly { text: string; role?: number }[], options: Partial<EqualSitesOptions> = {}) {
  return differences((site) => {
    const object = serverOf(site);
    site.forgetActivity(object.id);
    for (const comment of comments) site.addComment({ object, ...comment });
  }, options);
}

describe('comments', () => {
  const original = commentOf(configurationSite());
  const created = new Date(original.createdMs).toISOString();
  const again = { text: `<p>Jane Roe, ${created}:</p>${original.text}`, role: 2 };

  it('are found again with text, author, time and role, once', () => {
    expect(withComments([again])).toEqual([]);
    expect(withComments([])).toEqual([expect.stringContaining('comment 1 is there 0 times')]);
    expect(withComments([{ ...again, role: 0 }])).toEqual([expect.stringContaining('has role 0, not 2')]);
    expect(withComments([again, again])).toEqual([expect.stringContaining('comment 1 is there 2 times')]);
    for (const part of ['Jane Roe', created, original.text]) {
      expect(withComments([{ ...again, text: again.text.replace(part, '') }]).join()).toContain('is there 0 times');
    }
    expect(withComments([again, { text: 'foreign' }])).toEqual([expect.stringContaining('is too many')]);
    expect(withComments([], { comments: false })).toEqual([]);
    expect(withComments([again], { comments: false })).toEqual([expect.stringContaining('is too many')]);
  });

  it('need the name of the author escaped', () => {
    const site = (by: number) => {
      const made = configurationSite({ idsAbove: by });
      made.addUser({ accountId: 'x', displayName: '<b>Bob</b> & "co"' });
      return made;
    };
    const [source, target] = [site(0), site(offset)];
    const comment = source.addComment({
      object: serverOf(source),
      text: 'hi',
      actor: source.users.get('x') ?? source.owner,
    });
    const time = new Date(comment.createdMs).toISOString();
    const outcome = (author: string) => {
      target.forgetActivity(serverOf(target).id);
      target.addComment({ object: serverOf(target), ...again });
      target.addComment({ object: serverOf(target), text: `${author} ${time} hi` });
      return compareSites(source, target, { objects: twins(source) });
    };
    expect(outcome('&lt;b&gt;Bob&lt;/b&gt; &amp; &quot;co&quot;')).toEqual([]);
    expect(outcome('<b>Bob</b> & "co"').join()).toContain('is there 0 times');
  });

  it('hold the history when asked, by ids or by values', () => {
    const history = (text: string) => withComments([again, { text }], { history: true });
    expect(history('<pre>1: Integer 8 to 16</pre>')).toEqual([]);
    expect(history('<pre>Integer: 8 became 16</pre>')).toEqual([]);
    expect(history('<pre>nothing</pre>').join()).toMatch(/history entry 1 is in no comment.*is too many/);
    expect(withComments([again], { history: true })).toEqual([expect.stringContaining('history entry 1')]);
  });
});
