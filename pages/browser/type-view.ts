import { h } from 'preact';
import { useRef } from 'preact/hooks';
import { readableCount } from '../../core/counted.ts';
import type {
  BackupAnswer,
  Indexing,
  ObjectsAnswer,
  ObjectsPage,
  PlaceAnswer,
  SchemaShown,
  TypeShown,
} from '../answers.ts';
import { addressOf, type Outcome } from './ask.ts';
import { GridFilter } from './grid-filter.ts';
import { Icon } from './icon.ts';
import { ObjectsGrid } from './objects-grid.ts';
import {
  Crumbs,
  FailedPage,
  FailureShown,
  IndexProgress,
  Pager,
  PageTitle,
  WaitingFor,
  Warnings,
} from './page-parts.ts';
import { RestoreCommand } from './restore-command.ts';
import { hashOf, type TypeRoute } from './route.ts';
import { useAnswer } from './use-answer.ts';
import { isWhole } from './whole-backup.ts';

const size = 50;

/** The objects of a type as a grid: sorted, filtered, in parts. */
export function TypeView({ place, route }: { readonly place: PlaceAnswer; readonly route: TypeRoute }) {
  const { outcome } = useAnswer<BackupAnswer>(addressOf('backup', { backup: route.backup }));
  if (outcome.state === 'waiting') return h(WaitingFor, { what: 'the type' });
  if (outcome.state === 'failed') return h(FailedPage, { message: outcome.message });
  const { damage, schemas } = outcome.answer;
  const schema = schemas.find(({ id }) => id === route.schema);
  const type = schema?.types.find(({ id }) => id === route.type);
  if (!schema || !type) return h(FailedPage, { message: 'This backup has no such type. It may be of another night.' });
  return h(
    'div',
    null,
    h(Crumbs, { of: crumbsOf(route.backup, schema, type) }),
    h(PageTitle, { text: type.name }, h(Icon, { backup: route.backup, schema: schema.id, icon: type.icon }), ' '),
    h(Warnings, { of: schema.damage === null ? damage : [...damage, schema.damage] }),
    h(RestoreCommand, {
      place,
      backup: route.backup,
      isWhole: isWhole(outcome.answer),
      scope: { schema: schema.key, type: { id: type.id, of: schema.types } },
      what: 'this type',
    }),
    h(Objects, { key: `${route.backup} ${type.id}`, route, name: type.name }),
  );
}

function crumbsOf(backup: string, schema: SchemaShown, type: TypeShown) {
  const above: TypeShown[] = [];
  for (let at = type; at.parent !== null; ) {
    const parent = schema.types.find(({ id }) => id === at.parent);
    if (!parent || above.includes(parent)) break;
    above.unshift(parent);
    at = parent;
  }
  return [
    { text: 'All backups', href: hashOf({ view: 'backups' }) },
    { text: backup, href: hashOf({ view: 'backup', backup }) },
    ...above.map(({ id, name }) => ({
      text: name,
      href: hashOf({ view: 'type', backup, schema: schema.id, type: id, from: 0 }),
    })),
  ];
}

function Objects({ route, name }: { readonly route: TypeRoute; readonly name: string }) {
  const { backup, schema, type, from, sort, order, column, filter } = route;
  const query = { backup, schema, type, from, count: size, sort, order, column, filter };
  const { outcome, isBusy } = useAnswer<ObjectsAnswer>(addressOf('objects', query), isIndexing);
  const isProgress = outcome.state === 'answered' && isIndexing(outcome.answer);
  // What was there stays while another order of it is made: whoever goes by keyboard is on one of its heads.
  const before = useRef<ObjectsPage | null>(null);
  const page = isProgress ? before.current : pageOf(outcome);
  before.current = page;
  return h(
    'div',
    { class: 'objects' },
    h(GridFilter, { route, columns: page?.columns ?? [] }),
    h('p', { role: 'status', class: 'quiet' }, isProgress ? '' : statusOf(outcome, filter)),
    outcome.state === 'failed' && h(FailureShown, { message: outcome.message }),
    outcome.state === 'answered' && isIndexing(outcome.answer) && h(IndexProgress, outcome.answer),
    page && h(Warnings, { of: page.notSearched }),
    page && h(ObjectsGrid, { route, name, page, isBusy: isBusy || isProgress }),
    page &&
      h(Pager, {
        from: page.from,
        count: page.rows.length,
        total: page.total,
        size,
        hrefOf: (to) => hashOf({ ...route, from: to }),
      }),
  );
}

const isIndexing = (answer: ObjectsAnswer): answer is Indexing => answer.state === 'indexing';

function pageOf(outcome: Outcome<ObjectsAnswer>): ObjectsPage | null {
  return outcome.state === 'answered' && outcome.answer.state === 'page' ? outcome.answer : null;
}

function statusOf(outcome: Outcome<ObjectsAnswer>, filter: string | undefined): string {
  if (outcome.state === 'waiting') return 'Loading objects…';
  const page = pageOf(outcome);
  if (!page) return '';
  const matching = filter === undefined ? '' : ' that match';
  if (page.total === 0) return filter === undefined ? 'It has no objects of its own.' : 'No object matches.';
  return `${readableCount(page.total)} ${page.total === 1 ? 'object' : 'objects'}${matching}`;
}
