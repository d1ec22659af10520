import { counted, readableCount } from '../../core/counted.ts';
import type { Change, DiffSummary, TypeCounts } from '../../core/diff/diff-lines.ts';
import { harmless } from '../../core/harmless.ts';
import { type DiffExcerpt, placeName, type ShownPlace } from './diff-excerpt.ts';
import { paragraphs, section } from './section.ts';
import { facts, table } from './table.ts';

const changes: readonly Change[] = ['added', 'removed', 'changed'];
const shownNotCompared = 20;

/** Differences in words, place by place, configuration first. `rest`: a sentence, where not all are shown. */
export function diffReport(summary: DiffSummary, excerpt: DiffExcerpt, rest = ''): string {
  const configuration = [...excerpt.configuration]
    .toSorted(([one], [other]) => (one ?? '').localeCompare(other ?? ''))
    .map(([schema, place]) => placeText(`Configuration${schema === null ? '' : ` of ${harmless(schema)}`}`, place));
  const objects = summary.objects.flatMap((counts) => {
    const place = excerpt.objects.get(placeName(counts));
    return place ? [placeText(`${harmless(counts.schema)}, ${harmless(counts.type)}`, place)] : [];
  });
  return paragraphs([sides(summary), ...configuration, ...objects, rest, notCompared(summary), lastLine(summary)]);
}

/** The same in numbers alone. */
export function diffSummaryReport(summary: DiffSummary): string {
  return paragraphs([sides(summary), countsTable(summary), notCompared(summary), lastLine(summary)]);
}

function sides({ left, right }: DiffSummary): string {
  return facts([
    ['Before', left],
    ['After', right],
  ]);
}

function placeText(title: string, place: ShownPlace): string {
  const counts = changes.filter((change) => place[change].count > 0);
  return [
    `${title}: ${counts.map((change) => `${readableCount(place[change].count)} ${change}`).join(', ')}`,
    ...counts.flatMap((change) => {
      const { texts, count } = place[change];
      const hidden = count - texts.length;
      return [...texts, ...(hidden > 0 ? [`  and ${readableCount(hidden)} more ${change}`] : [])];
    }),
  ].join('\n');
}

function countsTable({ configuration, objects }: DiffSummary): string {
  const differing = objects.filter(({ added, removed, changed }) => added + removed + changed > 0);
  const cells = (counts: Readonly<Record<Change, number>>) => changes.map((change) => readableCount(counts[change]));
  const things = configuration.added + configuration.removed + configuration.changed;
  const rows = [
    ...(things > 0 ? [['Configuration', '', ...cells(configuration), '']] : []),
    ...differing.map((counts) => [counts.schema, counts.type, ...cells(counts), readableCount(counts.same)]),
  ];
  if (rows.length === 0) return '';
  const numbers = ['Added', 'Removed', 'Changed', 'Same'].map((title) => ({ title, isNumber: true }));
  return table([{ title: 'Schema' }, { title: 'Object type' }, ...numbers], rows);
}

function notCompared(summary: DiffSummary): string {
  return section('Not compared', summary.notCompared, { shown: shownNotCompared, rest: 'which --json names' });
}

function lastLine({ isEqual, configuration, objects, notCompared }: DiffSummary): string {
  const sum = (of: keyof Omit<TypeCounts, 'schema' | 'type'>) => objects.reduce((all, counts) => all + counts[of], 0);
  const same = `${counted(sum('same'), 'object is', 'objects are')} the same`;
  if (isEqual) return `No difference${notCompared.length > 0 ? ' in what was compared' : ''}: ${same}.`;
  const things = configuration.added + configuration.removed + configuration.changed;
  const parts = changes.filter((change) => sum(change) > 0).map((change) => `${readableCount(sum(change))} ${change}`);
  const differing = sum('added') + sum('removed') + sum('changed');
  const inObjects =
    differing === 0
      ? 'no object differs'
      : `${counted(differing, 'object differs', 'objects differ')} (${parts.join(', ')})`;
  const inConfiguration = things === 0 ? '' : `${counted(things, 'difference')} in the configuration; `;
  return `${inConfiguration}${inObjects}; ${same}.`.replace(/^./, (first) => first.toUpperCase());
}
