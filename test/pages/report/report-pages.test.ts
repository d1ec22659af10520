import { describe, expect, it } from 'vitest';
import { backupPage } from '../../../pages/report/backup-page.ts';
import { drillPage } from '../../../pages/report/drill-page.ts';
import { restorePage } from '../../../pages/report/restore-page.ts';
import { manifest } from '../../cli/pretend-product.ts';
import { backupFactsWith, drillFactsWith, lossOf, relinkFactsWith, restoreFactsWith } from './report-facts.ts';

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'-->]]></style></title></svg><svg onload=alert(1)>",
  '</style><style>*{background:url(//evil.example)}</style>',
  '&lt;b&gt; &#60;i&#62; &amp;',
  'javascript:alert(1)',
  '\u202egnp.exe\u2066 \u200f',
  'a\u0000b\u001b[31mc\u0007d\ufeff',
  'x'.repeat(1_000_000),
];

const pages: readonly (readonly [string, (text: string) => string])[] = [
  ['backup', (text) => backupPage(backupFactsWith(text))],
  ['restore', (text) => restorePage(restoreFactsWith(text))],
  ['relink', (text) => restorePage(relinkFactsWith(text))],
  ['drill', (text) => drillPage(drillFactsWith(text))],
];

/** The tags of a page, with their attributes, without the texts between them. */
const tagsOf = (page: string) => page.replace(/<style>.*?<\/style>/s, '<style></style>').match(/<[^>]*>/g) ?? [];

describe.each(pages)('the report of a %s', (_, pageOf) => {
  it('shows whatever a site has as text: no value makes a tag, or an attribute', () => {
    const tags = tagsOf(pageOf('harmless'));
    for (const text of hostile) {
      const page = pageOf(text);
      expect(tagsOf(page), text.slice(0, 80)).toEqual(tags);
      expect(page, text).not.toMatch(/<script|<img|<svg onload|<style>\*/);
    }
  });

  it('shows what is not seen, and keeps the direction of a text to itself', () => {
    const page = pageOf('\u202egnp.exe\u001b[31m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(page).toContain('<bdi>\\u202egnp.exe\\u001b[31m</bdi>');
  });

  it('needs nothing but itself: no script, no address that is fetched, no style but the one that is allowed', () => {
    const page = pageOf('harmless');
    expect(page).toMatch(
      /content="default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'"/,
    );
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<object|\ssrc=|\shref=|\sstyle=|url\(|@import|\son[a-z]+=/);
    expect(page.match(/<style>/g)).toHaveLength(1);
  });

  it('has one heading of its own, a caption for each table, and a title for each picture', () => {
    const page = pageOf('harmless');
    expect(page.match(/<h1/g)).toHaveLength(1);
    expect(page.match(/<table/g)?.length).toBe(page.match(/<caption/g)?.length);
    for (const [svg] of page.matchAll(/<svg[^>]*>/g))
      expect(svg).toMatch(/aria-hidden="true"|role="img" aria-labelledby/);
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it('says what the site was asked for against the budget, and the longest waits', () => {
  const text = restorePage(restoreFactsWith('harmless'))
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
  expect(text).toContain('the site asked 2 times to slow down');
  // 70 % of 2,000, and of 10,000 in all.
  expect(text).toMatch(/object 12 [\d,]+ 1,400 /);
  expect(text).toMatch(/All 12 [\d,]+ 7,000 /);
  expect(text).toContain('2026-11-23 02:14 UTC 40 object');
});

describe('size', () => {
  const most = 300_000;

  it('of a drill of which 10,000 things were not covered is small, and counts all', () => {
    const page = drillPage(drillFactsWith('Laptop: an attribute of some length', 10_000));
    expect(page.length).toBeLessThan(most);
    expect(page).toContain('Not covered (10,000)');
    expect(page).toContain('and 9,700 more, which report.json names.');
    expect(page).toContain('Differences (2,000)');
    expect(page).toContain('and 1,999 more, 1 of them is named in report.json.');
  });

  it('of a backup of 50,000 objects in 1,000 types with 5,000 gaps is small, and counts all', () => {
    const { counts, schemas } = manifest();
    const [first] = schemas;
    const objectTypes = Array.from({ length: 1_000 }, (_, at) => ({
      ...(first?.objectTypes[0] as NonNullable<typeof first>['objectTypes'][number]),
      ...{ id: String(at), name: `Some object type ${at}`, stored: 50, expected: 50 },
    }));
    const big = [{ ...(first as NonNullable<typeof first>), objectTypes }];
    const gaps = Array.from({ length: 5_000 }, (_, at) => ({
      ...{ kind: 'history' as const, what: `history of object ${at}`, error: 'SiteUnavailableError' },
      reason: `GET https://api.example/jsm/assets/object/${at}/history gave 503 after five tries, each of which took its time.`,
    }));
    const base = backupFactsWith('harmless');
    const page = backupPage({
      ...base,
      manifest: { ...base.manifest, schemas: big, gaps, counts: { ...counts, objects: 50_000 } },
      paths: new Map(),
      changes: null,
    });
    expect(page.length).toBeLessThan(most);
    expect(page).toContain('50,000');
    expect(page).toContain('(5,000)');
    expect(page).toContain('and 4,800 more, which the manifest names');
    expect(page).toContain('750 more types that the manifest names');
  });

  it.each([
    ['one reason', () => 'it refers to something that is not there'],
    ['as many reasons', (number: number) => `The site refused it (${number}): ${'some words of a site '.repeat(20)}`],
  ])('of a restore with 10,000 losses for %s is small, and every loss is counted', (_, reasonOf) => {
    const losses = Array.from({ length: 10_000 }, (_, number) => lossOf(number, reasonOf(number)));
    const page = restorePage(restoreFactsWith('harmless', losses));
    expect(page.length).toBeLessThan(most);
    expect(page).toContain('Losses: not brought back (10,000 values)');
    const [table = ''] = page.slice(page.indexOf('By what it is, and why')).split('</table>');
    const rows = [...table.matchAll(/<tr>.*?<td class="number">([\d,]+)<\/td>/gs)].map(([, count]) =>
      Number(count?.replaceAll(',', '')),
    );
    expect(rows.at(-1)).toBe(10_000);
    expect(rows.slice(0, -1).reduce((sum, count) => sum + count, 0)).toBe(10_000);
    expect(page).toContain('losses.jsonl');
  });
});
