import { createHash } from 'node:crypto';
import type { JsonRecord } from '../../model/json.ts';
import { activityText, authorOf, historyEntry, oldestFirst } from '../../reading/history-entry.ts';
import { decodedEntities, withoutTags } from '../../reading/html-text.ts';

/**
 * A comment of the source as HTML for the target: who wrote it and when, then its own HTML unchanged, then the mark.
 * The API gives comments no author or time to set (reference, section 2.10), so both stand in the text.
 */
export function restoredComment(comment: JsonRecord, mark: string): string {
  const author = authorOf(comment) ?? 'unknown author';
  const time = activityText(comment.created) ?? 'unknown time';
  const html = activityText(comment.comment) ?? activityText(comment.commentOutput) ?? '';
  return `<p><em>${escaped(author)}, ${escaped(time)}:</em></p>${html}${markParagraph(mark)}`;
}

/**
 * What a restored comment is known by when a restore runs again: `[assets-backup comment 501 of object 10213, 3f9a1c2e]`.
 * Plain ASCII without HTML's own characters, so that a site which cleans HTML leaves it alone; the last part is the start of
 * the source workspace id's SHA-256. `id` is the comment's, or the number of the part of the history.
 */
export function markOf(kind: 'comment' | 'history', sourceWorkspaceId: string, objectId: string, id: string): string {
  return `[assets-backup ${kind} ${plainId(id)} of object ${plainId(objectId)}, ${shortHash(sourceWorkspaceId)}]`;
}

/** Ids are integers or UUIDs; any other text is not let into a mark, but stays distinct. */
function plainId(id: string): string {
  return /^[\w-]+$/.test(id) ? id : shortHash(id);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/**
 * Whether HTML holds a mark, also where the site has put tags into it, escaped it (twice, even) or wrapped its lines.
 * White space does not count: a tag may or may not stand for some, and no two marks differ in it alone.
 */
export function hasMark(html: string, mark: string): boolean {
  const text = withoutSpace(decodedEntities(decodedEntities(withoutTags(html))));
  const wanted = withoutSpace(mark);
  return wanted !== '' && text.includes(wanted);
}

/** What a comment says, however the site has escaped it or cleaned its HTML: without tags and white space. */
export function plainText(html: string): string {
  let text = html;
  for (let times = 0; times < 3; times += 1) text = decodedEntities(withoutTags(text));
  return withoutSpace(withoutTags(text));
}

const withoutSpace = (text: string) => text.replaceAll(/[\s\u00ad\u200b-\u200d\u2060]+/g, '');

/**
 * An object's history as HTML comments, oldest entry first, a paragraph each. `longest` is in UTF-16 code units and holds
 * for the whole comment; one too small for the frame and a few characters is exceeded rather than anything left out.
 */
export function historyComments(
  entries: readonly JsonRecord[],
  markFor: (part: number) => string,
  longest = 20_000,
): string[] {
  const roomIn = (part: number) => Math.max(shortestRoom, longest - framed('', part, mostParts, markFor).length);
  const parts: string[] = [];
  let part = '';
  let room = roomIn(1);
  const endPart = (html: string) => {
    parts.push(html);
    part = '';
    room = roomIn(parts.length + 1);
  };
  for (const line of oldestFirst(entries).map(historyLine)) {
    let rest = line;
    if (part !== '' && part.length + paragraph(rest).length > room) endPart(part);
    while (paragraph(rest).length > room) {
      const cut = cutBefore(rest, room - paragraph('').length);
      endPart(paragraph(rest.slice(0, cut)));
      rest = rest.slice(cut);
    }
    part += paragraph(rest);
  }
  if (part !== '') endPart(part);
  return parts.map((html, index) => framed(html, index + 1, parts.length, markFor));
}

/** Room for two of the longest units of text that are never cut. */
const shortestRoom = 32;
/** Parts are cut before their number is known, so that the frame is measured with as many digits as there may ever be. */
const mostParts = 9_999_999;

function framed(html: string, part: number, parts: number, markFor: (part: number) => string): string {
  return `<p><em>History, part ${part} of ${parts}</em></p>${html}${markParagraph(markFor(part))}`;
}

const paragraph = (html: string) => `<p>${html}</p>`;
const markParagraph = (mark: string) => `<p><small>${escaped(mark)}</small></p>`;

/** The last place up to `length` where escaped text may be cut: in no entity, tag or surrogate pair, and never at 0. */
function cutBefore(html: string, length: number): number {
  let cut = 0;
  for (const [unit] of html.slice(0, length + 16).matchAll(/&#?\w+;|<br>|./gsu)) {
    if (cut > 0 && cut + unit.length > length) break;
    cut += unit.length;
  }
  return cut;
}

function historyLine(entry: JsonRecord): string {
  const { at = 'unknown time', author = 'unknown person', what, before, after } = historyEntry(entry);
  const values = before === undefined && after === undefined ? '' : `: ${before ?? '(none)'} → ${after ?? '(none)'}`;
  return escaped(`${at}, ${author}: ${what}${values}`);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
  ['\r\n', '<br>'],
  ['\r', '<br>'],
  ['\n', '<br>'],
  ['\u007f', '␡'],
]);

/** Text as HTML. Control characters become the pictures that Unicode has for them; what has none, and half surrogate pairs, its number. */
function escaped(text: string): string {
  return text.replaceAll(/\r\n|[&<>"'\p{Cc}\p{Cs}]/gu, (found) => {
    const code = found.charCodeAt(0);
    return (
      escapes.get(found) ??
      (code < 0x20 ? String.fromCharCode(0x2400 + code) : `\\u${code.toString(16).padStart(4, '0')}`)
    );
  });
}
