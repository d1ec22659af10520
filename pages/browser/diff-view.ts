import { h } from 'preact';
import { counted, readableCount } from '../../core/counted.ts';
import type { DiffLine, TypeCounts } from '../../core/diff/diff-lines.ts';
import type { BackupAnswer, BackupsAnswer, DiffAnswer, PlaceAnswer } from '../answers.ts';
import { ShownText } from '../components/shown-text.ts';
import { addressOf } from './ask.ts';
import { DiffLineShown } from './diff-line-shown.ts';
import { Crumbs, FailureShown, PageTitle, WaitingFor } from './page-parts.ts';
import { RestoreCommand } from './restore-command.ts';
import { hashOf, type Route } from './route.ts';
import { TwoNights } from './two-nights.ts';
import { useAnswer } from './use-answer.ts';
import { isWhole } from './whole-backup.ts';

type DiffRoute = Extract<Route, { view: 'diff' }>;

/** Two backups side by side: what is other in the right one. */
export function DiffView({ place, route }: { readonly place: PlaceAnswer; readonly route: DiffRoute }) {
  const { left, right, schema, type, object } = route;
  const { outcome: all } = useAnswer<BackupsAnswer>(addressOf('backups'));
  const { outcome, isBusy } = useAnswer<DiffAnswer>(addressOf('diff', { left, right, schema, type, object }));
  return h(
    'div',
    null,
    h(Crumbs, { of: [{ text: 'All backups', href: hashOf({ view: 'backups' }) }] }),
    h(PageTitle, { text: `${left} and ${right}` }),
    all.state === 'answered' && h(TwoNights, { key: `${left} ${right}`, backups: all.answer.backups, left, right }),
    h(Narrowed, { route }),
    isBusy && h(WaitingFor, { what: 'the comparison: both backups are read' }),
    !isBusy && outcome.state === 'failed' && h(FailureShown, { message: outcome.message }),
    !isBusy && outcome.state === 'answered' && h(Differences, { place, route, answer: outcome.answer }),
  );
}

/** What of the comparison alone is shown, and the way back to all of it. */
function Narrowed({ route: { left, right, schema, type, object } }: { readonly route: DiffRoute }) {
  const parts = [schema, type, object].filter((part) => part !== undefined);
  if (parts.length === 0) return null;
  return h(
    'p',
    null,
    'Only ',
    h('strong', null, h(ShownText, { text: parts.join(' / ') })),
    ' · ',
    h('a', { href: hashOf({ view: 'diff', left, right }) }, 'show all'),
  );
}

function Differences(props: { readonly place: PlaceAnswer; readonly route: DiffRoute; readonly answer: DiffAnswer }) {
  const { place, route, answer } = props;
  const { summary, lines, total } = answer;
  const configuration = lines.filter(({ kind }) => kind !== 'object');
  const objects = lines.filter(({ kind }) => kind === 'object');
  const { left, right } = route;
  return h(
    'div',
    null,
    h('p', { role: 'status', class: 'numbers' }, sentence(answer)),
    !summary.isEqual && h(RestoreLeft, { place, route }),
    summary.notCompared.length > 0 &&
      h(
        'section',
        { 'aria-labelledby': 'not-compared' },
        h('h2', { id: 'not-compared' }, 'Not compared'),
        h(
          'ul',
          { class: 'warnings' },
          summary.notCompared.map((text, index) => h('li', { key: index }, h(ShownText, { text }))),
        ),
      ),
    h(ByType, { route, counts: summary.objects }),
    h(LinesShown, { title: 'Configuration', of: configuration, left, right }),
    h(LinesShown, { title: 'Objects', of: objects, left, right }),
    total > lines.length &&
      h(
        'p',
        { class: 'quiet' },
        `The first ${readableCount(lines.length)} of ${readableCount(total)} differences are shown. One type alone shows more of it; the command `,
        h('code', null, 'npx assets-backup diff'),
        ' gives all.',
      ),
  );
}

function LinesShown(props: {
  readonly title: string;
  readonly of: readonly DiffLine[];
  readonly left: string;
  readonly right: string;
}) {
  const { title, of, left, right } = props;
  if (of.length === 0) return null;
  return h(
    'section',
    { 'aria-label': title },
    h('h2', null, title),
    h(
      'ul',
      { class: 'differences' },
      of.map((line) => h(DiffLineShown, { key: `${line.kind} ${line.id}`, line, left, right })),
    ),
  );
}

function sentence({ summary }: DiffAnswer): string {
  const sum = (count: (of: TypeCounts) => number) => summary.objects.reduce((all, of) => all + count(of), 0);
  const [added, removed, changed, same] = [
    sum((of) => of.added),
    sum((of) => of.removed),
    sum((of) => of.changed),
    sum((of) => of.same),
  ];
  const { configuration } = summary;
  const others = configuration.added + configuration.removed + configuration.changed;
  return [
    `${counted(added + removed + changed, 'object')} ${added + removed + changed === 1 ? 'differs' : 'differ'} (${readableCount(added)} added, ${readableCount(removed)} removed, ${readableCount(changed)} changed); ${readableCount(same)} are listed as the same.`,
    ...(others > 0 ? [`${counted(others, 'thing')} of the configuration ${others === 1 ? 'differs' : 'differ'}.`] : []),
  ].join(' ');
}

/** As it was in the earlier backup. */
function RestoreLeft({ place, route }: { readonly place: PlaceAnswer; readonly route: DiffRoute }) {
  const { left, schema: key, type: path, object } = route;
  const { outcome } = useAnswer<BackupAnswer>(addressOf('backup', { backup: left }));
  if (outcome.state !== 'answered') return null;
  const { schemas } = outcome.answer;
  const types = schemas.find((schema) => schema.key === key)?.types;
  const type = path === undefined ? undefined : types?.find((one) => one.path === path);
  if (key !== undefined && types === undefined) return null;
  if (path !== undefined && type === undefined) return null;
  return h(RestoreCommand, {
    place,
    backup: left,
    isWhole: isWhole(outcome.answer),
    scope: {
      ...(key !== undefined && { schema: key }),
      ...(type && types && { type: { id: type.id, of: types } }),
      ...(object !== undefined && { object }),
    },
    what: `what ${left} has`,
    setsBack: true,
  });
}

function ByType({ route, counts }: { readonly route: DiffRoute; readonly counts: readonly TypeCounts[] }) {
  const other = counts.filter(({ added, removed, changed }) => added + removed + changed > 0);
  if (other.length === 0) return null;
  return h(
    'section',
    { 'aria-labelledby': 'by-type' },
    h('h2', { id: 'by-type' }, 'By type'),
    h(
      'div',
      { class: 'scroller', role: 'group', tabIndex: 0, 'aria-labelledby': 'by-type' },
      h(
        'table',
        { class: 'grid counts' },
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            ['Type', 'Added', 'Removed', 'Changed', 'Same'].map((name) => h('th', { key: name, scope: 'col' }, name)),
          ),
        ),
        h(
          'tbody',
          null,
          other.map((of) => {
            const { schema, type, added, removed, changed, same } = of;
            const href = hashOf({ view: 'diff', left: route.left, right: route.right, schema, type });
            return h(
              'tr',
              { key: `${schema} ${type}` },
              h('th', { scope: 'row' }, h('a', { href }, h(ShownText, { text: `${schema} / ${type}` }))),
              [added, removed, changed, same].map((count, index) => h('td', { key: index }, readableCount(count))),
            );
          }),
        ),
      ),
    ),
  );
}
