import { h } from 'preact';
import { readableCount } from '../../core/counted.ts';
import { type ItemAction, itemKinds, type PlanSummary, type RestoreReport } from '../../core/model/restore.ts';
import type { KeyTable } from '../../core/report/restore-facts.ts';
import { CutText } from '../components/cut-text.ts';
import { NumbersTable } from '../components/numbers-table.ts';
import { Part } from './report-parts.ts';

/** What was planned, beside what came of it. */
export function PlanAndResult({ plan, report }: { readonly plan: PlanSummary; readonly report: RestoreReport }) {
  const planned = new Map(plan.schemas.map((schema) => [schema.from, schema.objects]));
  const actions = ['create', 'reuse', 'update', 'conflict', 'skip'] as const satisfies readonly ItemAction[];
  const kinds = itemKinds.filter((kind) => actions.some((action) => (plan.counts[kind]?.[action] ?? 0) > 0));
  return h(
    Part,
    { title: 'Plan and result' },
    h(NumbersTable, {
      caption: 'Objects by schema: planned, and what came of it',
      columns: [
        { title: 'Schema' },
        ...['To create', 'Created', 'To find', 'Found', 'To complete', 'Completed', 'Not restored'].map((title) => ({
          title,
          isNumber: true,
        })),
      ],
      rows: report.schemas.map((schema) => {
        const { from, to, created, reused, updated, lost } = schema;
        const of = planned.get(from);
        const cells = [of?.create, created, of?.reuse, reused, of?.update, updated, lost];
        return [
          h(CutText, { text: from === to ? from : `${from} → ${to}`, most: 80 }),
          ...cells.map((count) => (count === undefined ? '' : readableCount(count))),
        ];
      }),
    }),
    kinds.length > 0 &&
      h(NumbersTable, {
        caption: 'The plan by kind of thing',
        columns: [
          { title: 'Kind' },
          ...['Create', 'Found', 'Complete', 'In conflict', 'Skip'].map((title) => ({ title, isNumber: true })),
        ],
        rows: kinds.map((kind) => [
          kind.replaceAll('-', ' '),
          ...actions.map((action) => readableCount(plan.counts[kind]?.[action] ?? 0)),
        ]),
      }),
    h(
      'p',
      null,
      `The plan foresaw ${readableCount(plan.lossCount)} lost values; ${readableCount(report.lossCount)} are lost.`,
    ),
  );
}

/** The first of the new keys; the file has each. */
export function NewKeys({ keys, file }: { readonly keys: KeyTable; readonly file: string | null }) {
  if (file === null || keys.first.length === 0) return null;
  const more = keys.total - keys.first.length;
  return h(
    Part,
    { title: `Keys (${readableCount(keys.total)})` },
    h(NumbersTable, {
      caption: 'Keys in the backup, and on the target',
      columns: [{ title: 'Key in the backup' }, { title: 'Key now' }, { title: 'How' }],
      rows: keys.first.map(({ old, now, how }) => [
        h(CutText, { text: old, most: 80 }),
        h(CutText, { text: now, most: 80 }),
        h(CutText, { text: how, most: 80 }),
      ]),
    }),
    h(
      'p',
      null,
      more > 0 ? `and ${readableCount(more)} more, all of them in ` : 'They stand in ',
      h('code', null, 'keys.csv'),
      ', with their ids.',
    ),
  );
}
