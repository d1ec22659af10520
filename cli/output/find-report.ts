import { counted, readableCount } from '../../core/counted.ts';
import type { FindRequest, FindResult, FoundObject, SiteFinds, Span } from '../../core/find/found.ts';
import type { Silence } from '../../core/find/night.ts';
import type { Match } from '../../core/find/search-words.ts';
import { harmless } from '../../core/harmless.ts';
import { readableMoment } from '../../core/readable.ts';
import { shellCommand } from '../../core/shell-word.ts';
import type { PlaceWords } from '../place.ts';
import { paragraphs, section } from './section.ts';
import { facts, table } from './table.ts';

/** Objects that are told of one by one, and those that have a line each; the rest is counted. */
const mostDetailed = 10;
const mostShown = 50;
const mostChanges = 5;
const mostNamed = 20;

interface Asked {
  readonly request: FindRequest;
  readonly place: PlaceWords;
  /** How wide what is printed may be. */
  readonly width: number;
}

/** What was found, site by site, and what could not be told. */
export function findReport({ sites, unread, unfinished, ofScripts }: FindResult, asked: Asked): string {
  return paragraphs([
    ...sites.flatMap((site) => siteReport(site, { ...asked, isOneOfSeveral: sites.length > 1 })),
    section(
      'Not looked into, or not whole',
      unread.map(({ backup, reason }) => `${backup}: ${reason}`),
      { shown: mostNamed, rest: 'which --json names' },
    ),
    unfinished.length === 0
      ? ''
      : `${counted(unfinished.length, 'run')} left no backup to look into: ${excerpt(unfinished)}.`,
    ofScripts.length === 0
      ? ''
      : `${counted(ofScripts.length, 'backup')} of the original scripts ${ofScripts.length === 1 ? 'was' : 'were'} not looked into: ${excerpt(ofScripts)}. Copy one, and its copy is.`,
  ]);
}

function siteReport(site: SiteFinds, asked: Asked & { readonly isOneOfSeveral: boolean }): string[] {
  const { backups, found, objects } = site;
  const shown = objects.slice(0, mostShown);
  const rest = found - shown.length;
  return [
    `${opening(site, asked)} ${spanOf(backups)}.`,
    ...(found > mostDetailed
      ? [objectTable(shown, asked.width)]
      : shown.map((object) =>
          objectDetails(object, { newest: backups.at(-1), isThen: asked.request.at !== undefined }),
        )),
    rest > 0 ? `and ${readableCount(rest)} more: more words, --schema or --type narrow it down; --json has them.` : '',
    ...site.goneSchemas.map(
      ({ schema, by }) =>
        `The schema ${harmless(schema)} is not in ${by} any more: it was deleted, with all that was in it.`,
    ),
    section('What these lack is not known to be gone', site.silences.map(silenceLine), {
      shown: mostNamed,
      rest: 'which --json names',
    }),
    found === 0 ? '' : newestLine(site, asked),
    asked.request.deletedSince === undefined ? '' : laterLine(backups.at(-1) ?? 'latest', asked.place),
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
  const then = at === undefined ? '' : `, as of ${readableMoment(new Date(at).toISOString())},`;
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

function objectDetails(
  object: FoundObject,
  { newest, isThen }: { readonly newest: string | undefined; readonly isThen: boolean },
): string {
  const { key, label, schema, type, matches, stands, withWords, changes } = object;
  const isAlways = withWords.backups === stands.backups;
  const told = changes.filter(({ kind }) => kind !== 'touched');
  const left = told.length - mostChanges;
  const isThere = stands.last === newest;
  const now = `it ${isThen ? 'was' : 'is'} there${withWords.last === newest ? '' : ', and not like this'}`;
  return [
    `${harmless(key)}  ${harmless(label)}  (${harmless(schema)}, ${harmless(type)})`,
    facts([
      ...matches.flatMap(matchFacts),
      ['in', span(stands)],
      ...facting(!isAlways, 'like this in', span(withWords)),
      ...facting(left > 0, 'before', `${counted(left, 'change')}, which --json names`),
      ...told
        .slice(-mostChanges)
        .map(({ kind, after, by }) => [changeWords[kind], `between ${after} and ${by}`] as const),
      ...facting(isThere, isThen ? 'then' : 'now', now),
    ]),
  ].join('\n');
}

const facting = (is: boolean, label: string, value: string) => (is ? [[label, value] as const] : []);

const changeWords: Readonly<Record<FoundObject['changes'][number]['kind'], string>> = {
  appeared: 'made',
  changed: 'changed',
  touched: 'touched',
  deleted: 'deleted',
};

/** The key and the label stand in the line above. */
function matchFacts(match: Match): readonly (readonly [string, string])[] {
  if (match.in === 'id') return [['id', match.text]];
  return match.in === 'value' ? [['value', `${match.attribute}: ${shortened(match.text, longestValue)}`]] : [];
}

const longestValue = 200;
const narrowestLabel = 12;

function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}\u2026` : text;
}

const span = ({ backups, first, last }: Span) =>
  backups === 1 ? `one backup, ${first}` : `${counted(backups, 'backup')}, ${first} to ${last}`;

function objectTable(objects: readonly FoundObject[], width: number): string {
  const rows = objects.map(({ key, label, withWords, stands, deleted }) => {
    const isLast = withWords.last === stands.last;
    return [key, label, withWords.last, isLast ? (deleted ? `deleted by ${deleted.by}` : '') : 'changed'];
  });
  const others = [0, 2, 3].map((at) => Math.max(...rows.map((row) => (row[at] ?? '').length), 10) + 2);
  const room = Math.max(narrowestLabel, width - others.reduce((sum, one) => sum + one, 4));
  return table(
    [{ title: 'Key' }, { title: 'Label' }, { title: 'Last in' }, { title: 'After that' }],
    rows.map(([key = '', label = '', ...others]) => [key, shortened(label, room), ...others]),
  );
}

const silenceWords: Readonly<Record<Silence, string>> = {
  'not made of it': 'not made of',
  partial: 'partial in',
  hidden: 'made by an account that does not see all of',
  damaged: 'damaged in',
};

function silenceLine({ why, schemas, backups }: SiteFinds['silences'][number]): string {
  const which = backups.length === 1 ? backups[0] : `${counted(backups.length, 'backup')}, ${excerpt(backups)}`;
  return `${which}: ${silenceWords[why]} ${excerpt(schemas)}`;
}

function newestLine({ found, newestWithAll }: SiteFinds, { request, place }: Asked): string {
  const these = found === 1 ? 'it' : 'all of these';
  const like = request.words.length === 0 ? '' : ' like this';
  if (!newestWithAll) return `No backup holds ${these}${like}.`;
  const { backup, status } = newestWithAll;
  const but = status === 'partial' ? ', which is partial' : '';
  const plan = shellCommand('plan', backup, ...place.words, ...siteWords(place));
  return `The newest backup that holds ${these}${like}: ${backup}${but}. What a restore of it would do: ${plan}`;
}

/** What is gone since the newest backup shows in none yet. */
function laterLine(newest: string, place: PlaceWords): string {
  return `What was deleted after ${newest} only the site can tell: ${shellCommand('diff', newest, '--live', ...place.words, ...siteWords(place))}`;
}

const siteWords = ({ words }: PlaceWords) => (words.includes('--local') ? ['--site', 'site.json'] : []);

function excerpt(names: readonly string[]): string {
  const rest = names.length - 3;
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${readableCount(rest)} more`;
}
