import { type AttributeKind, kind } from '../reading/attribute-kinds.ts';

const others: Readonly<Record<number, string>> = {
  [kind.reference]: 'reference',
  [kind.user]: 'user',
  [kind.confluence]: 'Confluence page',
  [kind.group]: 'group',
  [kind.version]: 'version',
  [kind.project]: 'project',
  [kind.status]: 'status',
  [kind.bitbucket]: 'Bitbucket repository',
};

const defaults = [
  ...['text', 'integer', 'boolean', 'decimal', 'date', 'time', 'date and time'],
  ...['URL', 'e-mail', 'text area', 'select', 'IP address'],
];

/** What an attribute holds, in a word. */
export function kindWord({ type, defaultTypeId = 0 }: AttributeKind): string {
  return (type === 0 ? defaults[defaultTypeId] : others[type]) ?? `kind ${type}.${defaultTypeId}`;
}

/** Kinds of which the values lead out of Assets: whether a site takes one depends on more than its Assets. */
export const leadsElsewhere: ReadonlySet<string> = new Set(
  [kind.user, kind.confluence, kind.group, kind.version, kind.project, kind.bitbucket].flatMap(
    (type) => others[type] ?? [],
  ),
);
