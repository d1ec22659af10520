import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonRecord } from '../../../../core/model/json.ts';
import { hasMark, historyComments, markOf, restoredComment } from '../../../../core/restore/activity/comment-texts.ts';

const workspace = 'f1668d0c-828c-470c-b7d1-8c4f48cd345a';
const mark = markOf('comment', workspace, '10213', '501');
const markFor = (part: number) => markOf('history', workspace, '10213', String(part));

/** Texts as people and programs leave them, line breaks, entities and half surrogate pairs among them. */
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom('a\r\nb\rc\nd', '&amp;<br>"\'', '\ud83d', '\udc00x', '💻'.repeat(30), '\u0000\u0007\t\u009f', '<b>&'),
);
const odd: fc.Arbitrary<Json> = fc.oneof(
  texts,
  fc.constantFrom<Json>(null, 0, -1, Number.POSITIVE_INFINITY, true, [], {}, { displayName: 3 }, ['x']),
  fc.integer({ min: 0, max: 30 }),
);
const records: fc.Arbitrary<JsonRecord> = fc.dictionary(
  fc.constantFrom('id', 'created', 'actor', 'type', 'affectedAttribute', 'oldValue', 'newValue', 'comment', 'role'),
  fc.oneof(odd, fc.record({ displayName: odd })),
);

/** What a reader sees, with `\n` for a break. */
function visible(html: string): string {
  return html
    .replaceAll('<br>', '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/** The comment's own part: without the frame and the mark. */
const body = (html: string) => html.replace(/^<p><em>.*?<\/em><\/p>/, '').replace(/<p><small>[^<]*<\/small><\/p>$/, '');

describe('restored comment', () => {
  it('names author and time as they stood, keeps the HTML and ends with the mark', () => {
    const comment = {
      id: 501,
      created: '2022-03-01T09:46:32.409Z',
      actor: { displayName: 'Ada <Lovelace> & "Co"' },
      role: 0,
      comment: '<p>Mind the <b>gap</b> &amp; go</p>',
    };
    expect(restoredComment(comment, mark)).toBe(
      '<p><em>Ada &lt;Lovelace&gt; &amp; &quot;Co&quot;, 2022-03-01T09:46:32.409Z:</em></p>' +
        `<p>Mind the <b>gap</b> &amp; go</p><p><small>${mark}</small></p>`,
    );
    expect(restoredComment({ comment: 'x' }, mark)).toContain('<em>unknown author, unknown time:</em>');
    expect(restoredComment({ actor: null, comment: null, created: 5 }, mark)).toContain('unknown author, 5:');
  });

  it('can be found by its mark alone, whatever it holds', async () => {
    await fc.assert(
      fc.property(records, fc.nat(), (comment, id) => {
        const own = markOf('comment', workspace, '7', String(id));
        const html = restoredComment({ ...comment, comment: 'plain' }, own);
        expect(hasMark(html, own)).toBe(true);
        expect(hasMark(html, markOf('comment', workspace, '7', `${id}1`))).toBe(false);
        expect(hasMark(html, markOf('comment', workspace, '71', String(id)))).toBe(false);
        expect(hasMark(html, markOf('comment', `${workspace}x`, '7', String(id)))).toBe(false);
        expect(hasMark(html, markOf('history', workspace, '7', String(id)))).toBe(false);
        expect(restoredComment(comment, own)).toContain(own);
      }),
    );
  });
});

describe('mark', () => {
  it('is short plain text, and distinct for ids of any kind', async () => {
    expect(mark).toMatch(/^\[assets-backup comment 501 of object 10213, [0-9a-f]{8}\]$/);
    await fc.assert(
      fc.property(texts, texts, texts, (ws, object, id) => {
        expect(markOf('history', ws, object, id)).toMatch(
          /^\[assets-backup history [\w-]+ of object [\w-]+, [0-9a-f]{8}\]$/,
        );
      }),
    );
    expect(markOf('comment', '', '<1>', '')).not.toBe(markOf('comment', '', '<2>', ''));
  });

  it.each([
    ['as it was', (text: string) => text],
    ['wrapped in a tag', (text: string) => text.replace('10213', '<span class="x">10213</span>')],
    ['broken over lines', (text: string) => text.replaceAll(' ', '\n   ')],
    ['broken by a tag', (text: string) => text.replace(' of ', '<br/>of&nbsp;')],
    ['with decimal entities', (text: string) => text.replaceAll(/[^\w ]/g, (sign) => `&#${sign.charCodeAt(0)};`)],
    [
      'with hexadecimal entities',
      (text: string) => text.replaceAll(/[^\w ]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`),
    ],
    [
      'with named entities',
      (text: string) => text.replace('[', '&lsqb;').replace(']', '&rbrack;').replace(',', '&comma;'),
    ],
    ['escaped twice', (text: string) => text.replace('[', '&amp;#91;')],
  ])('is found %s', (_, change) => {
    const html = `<p>1 < 2 & 3 > 2 <i>x</i></p><p><small>${change(mark)}</small></p>`;
    expect(hasMark(html, mark)).toBe(true);
    expect(hasMark(html, markOf('comment', workspace, '10213', '50'))).toBe(false);
  });

  it('is not found where there is none', () => {
    expect(hasMark('', mark)).toBe(false);
    expect(hasMark('anything', ' ')).toBe(false);
    expect(hasMark(mark.slice(0, -1), mark)).toBe(false);
    expect(hasMark('&#9999999;&#x110000;&nothing;&', mark)).toBe(false);
  });
});

describe('history as comments', () => {
  const actor = { displayName: 'Ada' };

  it('is told oldest first, in words', () => {
    const entries: JsonRecord[] = [
      { actor, created: '2022-03-03T00:00:00Z', type: 21, affectedAttribute: 'State', oldValue: 'a', newValue: 'b' },
      {
        actor,
        created: '2022-03-02T00:00:00Z',
        type: 2,
        affectedAttribute: 'A & "B"',
        oldValue: '<x>',
        newValue: 'y\r\nz',
      },
      { actor, created: '2022-03-01T12:00:00Z', affectedAttribute: 'Name', oldValue: '', newValue: 'n' },
      { created: '2022-03-01T00:00:00Z' },
    ];
    const told =
      '<p>2022-03-01T00:00:00Z, unknown person: created</p>' +
      '<p>2022-03-01T12:00:00Z, Ada: added of Name: (none) → n</p>' +
      '<p>2022-03-02T00:00:00Z, Ada: changed value of A &amp; &quot;B&quot;: &lt;x&gt; → y<br>z</p>' +
      '<p>2022-03-03T00:00:00Z, Ada: change of type 21 of State: a → b</p>';
    expect(historyComments(entries, markFor)).toEqual([
      `<p><em>History, part 1 of 1</em></p>${told}<p><small>${markFor(1)}</small></p>`,
    ]);
    expect(historyComments(entries.toReversed(), markFor)).toEqual(historyComments(entries, markFor));
    expect(historyComments([], markFor)).toEqual([]);
  });

  it.each([
    [{ type: 0 }, 'created'],
    [{ type: '4' }, 'added reference'],
    [{ type: 11 }, 'deleted user'],
    [{ type: 17 }, 'deleted group'],
    [{ type: 27 }, 'deleted avatar'],
    [{ type: 12 }, 'change of type 12'],
    [{ oldValue: 'a' }, 'deleted'],
    [{ oldValue: 'a', newValue: 'b' }, 'changed'],
    [{ affectedAttribute: 'A' }, 'changed of A'],
  ])('%j', (entry, words) => {
    expect(historyComments([entry], markFor)[0]).toMatch(new RegExp(`: ${words}(:|<)`));
  });

  it('keeps entries of one time in the order in which they happened, and those without one by their neighbours', () => {
    const at = (created: string | null, newValue: string) => ({ created, newValue });
    const newestFirst = [at('2022-02-02', 'd'), at(null, 'c'), at('2022-02-01', 'b'), at('2022-02-01', 'a')];
    const order = (entries: readonly JsonRecord[]) =>
      [...(historyComments(entries, markFor)[0] ?? '').matchAll(/→ (\w)/g)].map(([, value]) => value).join('');
    expect(order(newestFirst)).toBe('abcd');
    expect(order(newestFirst.toReversed())).toBe('abcd');
    const mixed = [
      at('2022-02-04', 'e'),
      at('2022-02-01', 'a'),
      at('2022-02-03', 'd'),
      at(null, 'c'),
      at('2022-02-02', 'b'),
    ];
    expect(order(mixed)).toBe('abcde');
  });

  it('shows control characters and half surrogate pairs', () => {
    expect(historyComments([{ newValue: 'a\u0000\t\u007f\u0085\ud83d|💻' }], markFor)[0]).toContain(
      'a␀␉␡\\u0085\\ud83d|💻',
    );
  });

  it('is cut without loss, within the limit, each part with its number and mark', async () => {
    await fc.assert(
      fc.property(
        fc.array(records, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 200, max: 700 }),
        (entries, longest) => {
          const whole = historyComments(entries, markFor, Number.MAX_SAFE_INTEGER);
          const parts = historyComments(entries, markFor, longest);
          expect(whole).toHaveLength(1);
          expect(parts.map((part) => visible(body(part))).join('')).toBe(visible(body(whole[0] ?? '')));
          for (const [index, part] of parts.entries()) {
            expect(part.length).toBeLessThanOrEqual(longest);
            expect(part.isWellFormed()).toBe(true);
            expect(part).toContain(`part ${index + 1} of ${parts.length}<`);
            expect(hasMark(part, markFor(index + 1))).toBe(true);
            expect(body(part).replaceAll(/&(amp|lt|gt|quot|#39);|<\/?p>|<br>/g, '')).not.toMatch(/[&<>"'\p{Cc}]/u);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('splits one entry that is longer than a comment, and fills the parts', () => {
    const parts = historyComments([{ newValue: '&'.repeat(5000) }], markFor, 1000);
    expect(parts.map((part) => part.split('&amp;').length - 1).reduce((sum, count) => sum + count)).toBe(5000);
    expect(parts.length).toBeLessThan(30);
    expect(historyComments([{ newValue: 'x'.repeat(30_000) }], markFor)).toHaveLength(2);
  });

  it('never throws, and ends even where the limit is absurd', async () => {
    await fc.assert(
      fc.property(fc.array(records, { maxLength: 3 }), fc.integer({ min: -5, max: 60 }), (entries, longest) => {
        expect(historyComments(entries, markFor, longest).length > 0).toBe(entries.length > 0);
      }),
    );
    expect(historyComments([null as unknown as JsonRecord], markFor)).toHaveLength(1);
  });
});
