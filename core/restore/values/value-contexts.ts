import type { RestoreChoices } from '../../model/restore.ts';
import type { ConfigurationPlan } from '../plan-files.ts';
import type { Resolved, ValueAttribute } from './prepare-object.ts';

/** The attributes of a plan as the values of objects meet them, by source id; undefined for values that are not restored by choice or nature. */
export function valueAttributes(
  { attributes }: ConfigurationPlan,
  { include }: RestoreChoices,
  kindsOfValues: ReadonlyMap<string, number>,
): (id: string) => ValueAttribute | undefined {
  const known = new Map<string, ValueAttribute | undefined>();
  for (const { source, name, kind, role, action, reason, fields } of attributes) {
    const isNamed = include.attributes.some((text) => text === source || text === name);
    const isWanted = include.attributes.length === 0 || isNamed || role === 'name' || fields.label === true;
    if (role === 'system' || !isWanted) known.set(source, undefined);
    else {
      const lost = action === 'skip' || action === 'conflict' ? reason : undefined;
      known.set(source, { name, kind: kind ?? { type: kindsOfValues.get(source) ?? 0 }, ...(lost && { lost }) });
    }
  }
  return (id) => {
    if (known.has(id)) return known.get(id);
    const lost = 'the backup does not hold the definition of this attribute';
    return { name: `attribute ${id}`, kind: { type: kindsOfValues.get(id) ?? 0 }, lost };
  };
}

export const lacksStatus = 'the target does not have the status that it names';

/** Who a user or a group of the source is on the target. */
export interface People {
  /** From the users file: null where somebody is left out on purpose. */
  readonly mapped: ReadonlyMap<string, string | null>;
  /** Undefined where the login may not list them: then a value is sent, and the target says whether it knows them. */
  readonly accounts: ReadonlySet<string> | undefined;
  /** Ids by names. */
  readonly groups: ReadonlyMap<string, string> | undefined;
}

export const userOf = ({ mapped, accounts }: People, id: string) => person(id, mapped, accounts, 'user');
export const groupOf = ({ mapped, groups }: People, name: string) => person(name, mapped, groups, 'group');

function person(
  from: string,
  mapped: ReadonlyMap<string, string | null>,
  known: ReadonlySet<string> | ReadonlyMap<string, string> | undefined,
  what: 'user' | 'group',
): Resolved {
  const to = mapped.has(from) ? mapped.get(from) : from;
  if (to === null || to === undefined) return { lost: `the users file leaves the ${what} out` };
  if (known && !known.has(to))
    return { lost: `the target does not know the ${what}, and the users file names no other` };
  return { value: to };
}
