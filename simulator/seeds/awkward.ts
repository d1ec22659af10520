import { drawIcon } from '../site/icon-image.ts';
import type { ObjectType, Schema, StoredObject } from '../site/records.ts';
import { SimulatedSite } from '../site/simulated-site.ts';
import { awkwardNames, awkwardTexts } from './awkward-texts.ts';

/** As JSON text, since a number that JavaScript cannot hold and the spelling `1.0` have to arrive unchanged. */
const unknownFields = '{"x-new-field": {"nested": [1.0, {"big": 12345678901234567890}], "note": "unknown to all"}}';

/** A small site in which nearly everything is unusual and yet allowed. */
export function awkwardSite(): SimulatedSite {
  const site = new SimulatedSite();
  const [reserved, other] = addSchemas(site);
  const things = addThings(site, reserved);
  addTypeNames(site, other, things);
  addUserKinds(site, other);
  addUnknownFields(site, other);
  site.addIcon('Icon: "new"?', drawIcon(99, 16));
  return site;
}

function addSchemas(site: SimulatedSite): [Schema, Schema] {
  const reserved = site.addSchema({ key: 'CON', name: 'Named "like" a device', description: 'line one\r\nline two' });
  const other = site.addSchema({
    key: 'AUX',
    name: 'a/b: c?',
    displayName: 'Another display name',
    extra: unknownFields,
  });
  site.addSchema({ key: 'EMPTY', name: 'No types at all', description: '' });
  const closed = site.addSchema({ key: 'CLOSED', name: 'Closed', properties: { allowOtherObjectSchema: false } });
  const type = site.addType({ schema: closed, name: 'Secret' });
  site.addObject({ type, name: 'Only inside' });
  return [reserved, other];
}

/** One object for each awkward text, with the text as its name and as a value. */
function addThings(site: SimulatedSite, schema: Schema): StoredObject[] {
  const type = site.addType({ schema, name: 'Thing', description: '' });
  site.addAttribute({ type, name: 'Text' });
  site.addAttribute({ type, name: 'Long', kind: 'textarea' });
  site.addAttribute({ type, name: 'Many', kind: 'select', multiple: true, options: ['one', 'two || three', '"four"'] });
  site.addAttribute({ type, name: 'Ratio', kind: 'double' });
  site.addAttribute({ type, name: 'Same as', target: type, multiple: true });
  // Attributes whose names differ from the automatic ones' by case or space only.
  site.addAttribute({ type, name: 'key ', hidden: true });
  const things: StoredObject[] = [];
  for (const text of awkwardTexts) {
    const values = { Text: text, Long: text.repeat(3), Many: ['two || three', '"four"'], 'key ': text };
    things.push(site.addObject({ type, name: text, values }));
  }
  const long = 'long text, '.repeat(20_000);
  things.push(site.addObject({ type, name: 'very long', values: { Long: long, Ratio: '1.0' } }));
  things.push(site.addObject({ type, name: 'very long', values: { Ratio: '-0' } }));
  things.push(site.addObject({ type, name: 'pointing to itself' }));
  const reference = site.typeAttributes(type.id).find(({ name }) => name === 'Same as');
  for (const [index, thing] of things.entries()) {
    if (!reference) continue;
    const next = things[(index + 1) % things.length] ?? thing;
    thing.values.set(reference.id, [String(thing.id), String(next.id)]);
    site.addComment({ object: thing, text: awkwardTexts[index % awkwardTexts.length] ?? '' });
    site.addHistory({
      object: thing,
      attribute: 'Text',
      oldValue: awkwardTexts[index % awkwardTexts.length] ?? '',
      newValue: '',
    });
  }
  return things;
}

/** Awkward type names, the same name under two parents, names that differ by case only, abstract and empty types. */
function addTypeNames(site: SimulatedSite, schema: Schema, targets: readonly StoredObject[]): void {
  const targetType = site.type(targets[0]?.typeId ?? 0);
  const addWithObject = (name: string, parent?: ObjectType): void => {
    const type = site.addType({ schema, name, ...(parent ? { parent } : {}) });
    site.addAttribute({ type, name: 'Points across schemas', target: targetType, multiple: true });
    site.addObject({ type, name: `One ${name}`, values: { 'Points across schemas': targets.slice(0, 2) } });
  };
  for (const name of awkwardNames) addWithObject(name);
  addWithObject('Server');
  addWithObject('SERVER');
  const abstract = site.addType({ schema, name: 'Abstract', abstract: true, inherited: true });
  site.addAttribute({ type: abstract, name: 'Inherited', required: false });
  const second = site.addType({ schema, name: 'Second parent' });
  addWithObject('Twin', abstract);
  addWithObject('Twin', second);
  site.addType({ schema, name: 'Without objects' });
}

function addUserKinds(site: SimulatedSite, schema: Schema): void {
  const users = [
    site.addUser({ displayName: 'Sam Smith', emailAddress: 'sam.smith@example.com' }),
    site.addUser({ displayName: 'Sam Smith', emailAddress: 'sam.smith2@example.com' }),
    site.addUser({ displayName: 'Former "Boss" Müller', active: false }),
    site.addUser({ displayName: '', emailAddress: '' }),
  ];
  const group = site.addGroup('group / with: "signs"');
  const status = site.addStatusType({ name: 'In: use?', schema, category: 2 });
  site.addReferenceType({ name: 'points || to', schema, color: '000000' });
  const type = site.addType({ schema, name: 'With people' });
  site.addAttribute({ type, name: 'Owner', kind: 'user' });
  site.addAttribute({ type, name: 'Watchers', kind: 'user', multiple: true });
  site.addAttribute({ type, name: 'Team', kind: 'group' });
  site.addAttribute({ type, name: 'State', kind: 'status', statuses: [status] });
  for (const user of users) {
    const values = { Owner: user, Watchers: users, Team: group, State: status };
    const object = site.addObject({ type, name: `of ${user.displayName}`, values });
    site.addComment({ object, text: '<p>by somebody</p>', actor: user });
  }
}

function addUnknownFields(site: SimulatedSite, schema: Schema): void {
  const type = site.addType({ schema, name: 'From the future', extra: unknownFields });
  site.addAttribute({ type, name: 'Plain', extra: unknownFields });
  const extra = { object: unknownFields, attribute: unknownFields, value: unknownFields };
  const object = site.addObject({ type, name: 'Newer than any client', values: { Plain: 'x' }, extra });
  site.addComment({ object, text: '<p>new</p>', extra: unknownFields });
  site.addHistory({ object, attribute: 'Plain', oldValue: '', newValue: 'x', type: 99, extra: unknownFields });
}
