import { counted, readableCount } from '../../core/counted.ts';
import type { FindRequest, FindResult, FoundObject, SiteFinds, Span } from '../../core/find/found.ts';
import type { Silence } from '../../core/find/night.ts';
import type { Match } from '../../core/find/search-words.ts';
import { harmless } from '../../core/harmless.ts';
import type { PlaceWords } from '../place.ts';
import { paragraphs, section } from './section.ts';
import { shellCommand } from './shell-command.ts';
import { facts, table } from './table.ts';

/** Objects that are told of one by one, and those that have a line each; the rest is counted. */
const mostDetailed = 10;
const mostShown = 50;
const mostChanges = 5;
const mostNamed = 20;

interface Asked {
  readonly request: FindRequest;
  readonly place: PlaceWords;
}

/** What was found, site by site, and what could not be told. */
export function findReport({ sites, unread, unfinished }: FindResult, asked: Asked): string {
  return paragraphs([
    ...sites.flatMap((site) => siteReport(site, { ...asked, isOneOfSeveral: sites.length > 1 })),
    section(
      'Not looked into, because they cannot be read',
      unread.map(({ backup, reason }) => `${backup}: ${reason}`),
      { shown: mostNamed, rest: 'which --json names' },
    ),
    unfinished.length === 0
      ? ''
      : `${counted(unfinished.length, 'run')} left no backup to look into: ${excerpt(unfinished)}.`,
  ]);
}

function siteReport(site: SiteFinds, asked: Asked & { readonly isOneOfSeveral: boolean }): string[] {
  const { backups, found, objects } = site;
  const shown = objects.slice(0, mostShown);
  const rest = found - shown.length;
  return [
    `${opening(site, asked)} ${spanOf(backups)}.`,
    ...(found > mostDetailed ? [objectTable(shown)] : shown.map(objectDetails)),
    rest > 0 ? `and ${readableCount(rest)} more: more words, --schema or --type narrow it down; --json has them.` : '',
    ...site.goneSchemas.map(
      ({ schema, by }) =>
        `The schema ${harmless(schema)} is not in ${by} any more: it was deleted, or the account of the backup does not see it any more.`,
    ),
    ...site.silences.map(silenceLine),
    found === 0 ? '' : newestLine(site, asked),
  ];
}

function opening(
  { site, found }: SiteFinds,
  { request, isOneOfSeveral }: Asked & { readonly isOneOfSeveral: boolean },
): string {
  const { words, deletedSince, at } = request;
  const wanted = words.length === 0 ? '' : ` with ${words.map((word) => `"${harmless(word)}"`).join(' and ')}`;
  const gone = deletedSince === undefined ? '' : ` deleted since ${day(deletedSince)}`;
  const of = isOneOfSeveral ? ` of ${harmless(site)}` : '';
  const then = at === undefined ? '' : `, as of ${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC,`;
  return found === 0
    ? `No object${wanted}${gone}${of} is${then} in`
    : `${counted(found, 'object')}${wanted}${gone}${of}${then} in`;
}

const day = (time: number) => new Date(time).toISOString().slice(0, 10);

/** `3 backups, 2026-11-21_02-00-00 to 2026-11-23_02-00-00` */
function spanOf(backups: readonly string[]): string {
  const [first = '', last = ''] = [backups[0], backups.at(-1)];
  return backups.length === 1 ? `the one backup ${first}` : `${counted(backups.length, 'backup')}, ${first} to ${last}`;
}

function objectDetails({
  key,
  label,
  schema,
  type,
  matches,
  stands,
  withWords,
  changes,
  deleted,
}: FoundObject): string {
  const told = matches.filter((match) => match.in === 'value' || match.in === 'id');
  const isAlways = withWords.backups === stands.backups;
  const others = changes.filter(({ kind }) => kind !== 'touched');
  const newest = others.slice(-mostChanges);
  const lines = newest.flatMap(({ kind, after, by }): [string, string][] => [
    [changeWords[kind], `between ${after} and ${by}`],
  ]);
  return [
    `${harmless(key)}  ${harmless(label)}  (${harmless(schema)}, ${harmless(type)})`,
    facts([
      ...told.map(matchFact),
      ['in', span(stands)],
      ...(isAlways ? [] : ([['like this in', span(withWords)]] as const)),
      ...(others.length > newest.length
        ? ([['before', `${counted(others.length - newest.length, 'change')} more, which --json names`]] as const)
        : []),
      ...lines,
      ...(deleted ? [] : ([['now', 'it is there']] as const)),
    ]),
  ].join('\n');
}

const changeWords: Readonly<Record<FoundObject['changes'][number]['kind'], string>> = {
  appeared: 'made',
  changed: 'changed',
  touched: 'touched',
  deleted: 'deleted',
};

const matchFact = (match: Match): readonly [string, string] =>
  match.in === 'id' ? ['id', match.text] : ['value', `${match.attribute}: ${shortened(match.text)}`];

const longest = 200;
const shortened = (text: string) => ([...text].length > longest ? `${[...text].slice(0, longest).join('')} ...` : text);

const span = ({ backups, first, last }: Span) =>
  backups === 1 ? `one backup, ${first}` : `${counted(backups, 'backup')}, ${first} to ${last}`;

function objectTable(objects: readonly FoundObject[]): string {
  const columns = [
    { title: 'Key' },
    { title: 'Label' },
    { title: 'Backups', isNumber: true },
    { title: 'Last in' },
    { title: '' },
  ];
  const rows = objects.map(({ key, label, withWords, stands, deleted }) => [
    key,
    label,
    readableCount(withWords.backups),
    withWords.last,
    deleted && withWords.last === stands.last ? 'deleted' : withWords.last === stands.last ? '' : 'changed',
  ]);
  return table(columns, rows);
}

const silenceWords: Readonly<Record<Silence, string>> = {
  'not made of it': 'not made of',
  partial: 'partial in',
  hidden: 'does not see all of',
  damaged: 'damaged in',
};

function silenceLine({ why, schemas, backups }: SiteFinds['silences'][number]): string {
  const which = backups.length === 1 ? backups[0] : `${counted(backups.length, 'backup')} (${excerpt(backups)})`;
  const verb =
    why === 'hidden'
      ? backups.length === 1
        ? 'does not see all of'
        : 'do not see all of'
      : `${backups.length === 1 ? 'is' : 'are'} ${silenceWords[why]}`;
  return `${which} ${verb} ${harmless(excerpt(schemas))}: what is missing there need not be gone.`;
}

function newestLine({ found, newestWithAll }: SiteFinds, { request, place }: Asked): string {
  const these = found === 1 ? 'it' : 'all of these';
  const so = request.deletedSince === undefined && request.words.length > 0 ? ', with these words in' : '';
  if (!newestWithAll) return `No backup holds ${these}${so === '' ? '' : ' with these words in them'}.`;
  const { backup, status } = newestWithAll;
  const but = status === 'partial' ? ', which is partial' : '';
  return `The newest backup that holds ${these}: ${backup}${but}. See what a restore would do: ${shellCommand('plan', backup, ...place.words)}`;
}

function excerpt(names: readonly string[]): string {
  const rest = names.length - 3;
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${readableCount(rest)} more`;
}
