import { h } from 'preact';
import type { ManifestSchema } from '../../core/backup-format/manifest.ts';
import { readableCount } from '../../core/counted.ts';
import type { BackupFacts } from '../../core/report/backup-facts.ts';
import type { ChangeCounts } from '../../core/report/type-changes.ts';
import { ChangeBar, changeKinds } from '../components/change-bar.ts';
import { CutText } from '../components/cut-text.ts';
import { NumbersTable, type TableColumn } from '../components/numbers-table.ts';
import { Part } from './report-parts.ts';

const shownTypes = 250;
const noChange: ChangeCounts = { added: 0, removed: 0, changed: 0 };

interface TypeRow extends ChangeCounts {
  readonly schema: string;
  readonly path: string;
  /** Null of a type that is not in this backup any more. */
  readonly stored: number | null;
  readonly expected: number | null;
}

/** What is in it by schema and type, with what changed since the backup before it. */
export function TypeTables({ facts }: { readonly facts: BackupFacts }) {
  const { manifest, changes, previous, whyNoChanges } = facts;
  const hasChanges = changes?.counts !== null && changes !== null;
  const rows = rowsOf(facts);
  // A site may have thousands of types: those that changed, and the largest.
  const shown = new Set(rows.toSorted((one, other) => weightOf(other) - weightOf(one)).slice(0, shownTypes));
  return h(
    Part,
    { title: 'Objects by schema and type' },
    previous !== null && changes && h('p', null, changesSentence(facts)),
    whyNoChanges !== null && h('p', null, h(CutText, { text: whyNoChanges })),
    (changes?.untold ?? []).length > 0 &&
      h(
        'p',
        null,
        'One of the two backups does not tell all of these schemas, so that nothing in them counts as added or removed: ',
        h(CutText, { text: (changes?.untold ?? []).join(', ') }),
        '.',
      ),
    hasChanges && h(Legend, null),
    manifest.schemas.length === 0
      ? h('p', null, 'It holds no schema.')
      : schemasOf(facts, rows).map(({ key, name, of }) =>
          h(SchemaTable, {
            key,
            name,
            of: of.filter((row) => shown.has(row)),
            all: of,
            hasChanges,
            most: mostOf(rows),
          }),
        ),
    previous === null &&
      manifest.schemas.length > 0 &&
      h('p', { class: 'quiet' }, 'There is no earlier backup here to compare it with.'),
  );
}

function SchemaTable(props: {
  readonly key?: string;
  readonly name: string;
  readonly of: readonly TypeRow[];
  readonly all: readonly TypeRow[];
  readonly hasChanges: boolean;
  readonly most: number;
}) {
  const { name, of, all, hasChanges, most } = props;
  const columns: TableColumn[] = [{ title: 'Object type' }, { title: 'Objects', isNumber: true }];
  if (hasChanges) for (const title of ['Added', 'Changed', 'Removed']) columns.push({ title, isNumber: true });
  const numbers = (row: ChangeCounts) => (hasChanges ? changeKinds.map((kind) => readableCount(row[kind])) : []);
  const hidden = all.length - of.length;
  return h(
    'div',
    null,
    h('h3', null, h(CutText, { text: name, most: 100 })),
    h(NumbersTable, {
      caption: h(CutText, { text: `Objects of ${name}, by type`, most: 120 }),
      columns,
      rows: of.map((row) => [
        [
          h(CutText, { text: row.path, most: 120 }),
          row.stored !== null &&
            row.expected !== row.stored &&
            h(
              'span',
              { class: 'quiet' },
              ` (the site said ${row.expected === null ? 'nothing' : readableCount(row.expected)})`,
            ),
          hasChanges && weightOfChange(row) > 0 && h(ChangeBar, { of: row, most }),
        ],
        row.stored === null ? 'gone' : readableCount(row.stored),
        ...numbers(row),
      ]),
      total: [
        hidden > 0 ? `All, with ${readableCount(hidden)} more types that the manifest names` : 'All',
        readableCount(all.reduce((sum, { stored }) => sum + (stored ?? 0), 0)),
        ...numbers(sumOfChanges(all)),
      ],
    }),
  );
}

function Legend() {
  return h(
    'p',
    { class: 'legend' },
    changeKinds.map((kind) => h('span', null, h(ChangeBar, { of: { ...noChange, [kind]: 1 }, most: 1 }), kind)),
  );
}

function changesSentence({ changes, previous }: BackupFacts): string {
  if (previous === null || !changes) return '';
  if (changes.counts === null)
    return `What changed since ${previous} only a comparison (diff) can tell: one of the two lists no objects.`;
  const [added, changed, removed] = changeKinds.map((kind) => readableCount(changes.counts?.[kind] ?? 0));
  return `Since ${previous}: ${added} added, ${changed} changed, ${removed} removed.`;
}

function rowsOf({ manifest, changes, paths }: BackupFacts): TypeRow[] {
  const changesOf = new Map(
    (changes?.types ?? []).map(({ schema, type, ...counts }) => [JSON.stringify([schema, type]), counts]),
  );
  const rows = manifest.schemas.flatMap(({ key, objectTypes }) =>
    objectTypes.map(({ id, name, stored, expected }): TypeRow => {
      const path = paths.get(id) ?? name;
      const place = JSON.stringify([key, path]);
      const counts = changesOf.get(place) ?? noChange;
      changesOf.delete(place);
      return { schema: key, path, stored, expected, ...counts };
    }),
  );
  const gone = (changes?.types ?? []).filter(({ schema, type }) => changesOf.has(JSON.stringify([schema, type])));
  return [
    ...rows,
    ...gone.map(({ type, ...counts }): TypeRow => ({ ...counts, path: type, stored: null, expected: null })),
  ];
}

/** Those of the backup, then those that are in it no more. */
function schemasOf({ manifest }: BackupFacts, rows: readonly TypeRow[]) {
  const names = new Map(manifest.schemas.map(({ key, name }: ManifestSchema) => [key, `${key} · ${name}`]));
  const keys = new Set([...names.keys(), ...rows.map(({ schema }) => schema)]);
  return [...keys].map((key) => ({
    key,
    name: names.get(key) ?? `${key} (not in this backup)`,
    of: rows.filter(({ schema }) => schema === key),
  }));
}

const weightOfChange = ({ added, changed, removed }: ChangeCounts) => added + changed + removed;
/** Any change before the largest type. */
const weightOf = (row: TypeRow) => (weightOfChange(row) > 0 ? 1e9 : 0) + weightOfChange(row) + (row.stored ?? 0);
const mostOf = (rows: readonly TypeRow[]) => Math.max(0, ...rows.map(weightOfChange));

function sumOfChanges(rows: readonly TypeRow[]): ChangeCounts {
  const sum = (kind: keyof ChangeCounts) => rows.reduce((total, row) => total + row[kind], 0);
  return { added: sum('added'), changed: sum('changed'), removed: sum('removed') };
}
