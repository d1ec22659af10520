import { h } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PlaceAnswer } from '../answers.ts';
import { addressOf, type Outcome } from './ask.ts';
import { BackupView } from './backup-view.ts';
import { BackupsView } from './backups-view.ts';
import { DiffView } from './diff-view.ts';
import { useRoute } from './go-to.ts';
import { ObjectView } from './object-view.ts';
import { FailedPage, PageTitle, WaitingFor, wantFocus } from './page-parts.ts';
import { backupOf, hashOf, pageOfRoute, type Route } from './route.ts';
import { SearchForm } from './search-form.ts';
import { SearchView } from './search-view.ts';
import { TypeView } from './type-view.ts';
import { useAnswer } from './use-answer.ts';

/** The page: its head, and the one view that the address names. */
export function App({ hasToken }: { readonly hasToken: boolean }) {
  const route = useRoute();
  const shown = pageOfRoute(route);
  const isFirst = useRef(true);
  // Whoever follows a link goes on from the heading of what it leads to; the first page is read from its top.
  useEffect(() => {
    if (!isFirst.current) wantFocus();
    isFirst.current = false;
  }, [shown]);
  const { outcome } = useAnswer<PlaceAnswer>(hasToken ? addressOf('place') : null);
  return h(
    'div',
    { class: 'page' },
    h('a', { class: 'skip', href: '#content', onClick: skipToContent }, 'Skip to the content'),
    h(Head, { route, outcome }),
    h(
      'main',
      { id: 'content', tabIndex: -1 },
      hasToken ? h(Content, { key: shown, route, outcome }) : h(NoToken, null),
    ),
  );
}

/** As a link does elsewhere; here the address's fragment says what is shown. */
function skipToContent(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function Head({ route, outcome }: { readonly route: Route; readonly outcome: Outcome<PlaceAnswer> }) {
  const backup = backupOf(route);
  const place = outcome.state === 'answered' ? outcome.answer : null;
  return h(
    'header',
    { class: 'head' },
    h(
      'nav',
      { 'aria-label': 'Main' },
      h('a', { class: 'brand', href: hashOf({ view: 'backups' }) }, 'Backups of Assets'),
      place && h('span', { class: 'quiet' }, h('bdi', null, place.name)),
    ),
    backup !== null &&
      place &&
      h(SearchForm, { key: backup, backup, words: route.view === 'search' ? route.words : '', place }),
  );
}

function Content({ route, outcome }: { readonly route: Route; readonly outcome: Outcome<PlaceAnswer> }) {
  if (outcome.state === 'waiting') return h(WaitingFor, { what: 'the backups' });
  if (outcome.state === 'failed') return h(FailedPage, { message: outcome.message });
  const place = outcome.answer;
  switch (route.view) {
    case 'backups':
      return h(BackupsView, { place });
    case 'backup':
      return h(BackupView, { place, backup: route.backup });
    case 'type':
      return h(TypeView, { place, route });
    case 'object':
      return h(ObjectView, { place, backup: route.backup, object: route.object });
    case 'search':
      return h(SearchView, { place, route });
    case 'diff':
      return h(DiffView, { place, route });
    case 'unknown':
      return h(Nowhere, null);
  }
}

function Nowhere() {
  return h(
    'div',
    null,
    h(PageTitle, { text: 'There is no such page' }),
    h('p', null, 'The address was cut, or is of another version. ', h('a', { href: '#/backups' }, 'All backups')),
  );
}

function NoToken() {
  return h(
    'div',
    null,
    h(PageTitle, { text: 'This address has no key' }),
    h(
      'p',
      null,
      'Open the whole address that the command ',
      h('code', null, 'browse'),
      ' has printed, with what follows the # in it. The key lasts as long as the command runs, in the tab that was opened with it.',
    ),
  );
}
