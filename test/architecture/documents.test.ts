import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (page: string) => readFileSync(join(root, page), 'utf8');
const pages = globSync(['*.md', 'docs/*.md', 'test/**/*.md'], { cwd: root }).sort();

const files = globSync('*/**/*.{ts,mjs,sh,json}', { cwd: root, exclude: ['node_modules/**', 'cdk.out/**'] });
/** Folders with code of ours: what a run of the program leaves in a checkout has none. */
const folders = [
  ...new Set(files.filter((file) => /\.(ts|sh)$/.test(file)).map((file) => file.split('/', 1)[0] ?? '')),
];

/** Every path of this repository in a page's code: it begins with a folder of ours, or ends as only our files do. One from the root is none. */
function pathsIn(page: string): string[] {
  const code = page.match(/^```.*?^```|`[^`\n]+`/gms) ?? [];
  const words = code
    .flatMap((piece) => piece.split(/[\s`"'(),;:#<>]+/))
    .filter((word) => !/[*{}$]|NAME|^\//.test(word));
  return words.filter(
    (word) =>
      ['.ci', ...folders].some((folder) => word.startsWith(`${folder}/`)) || /.\.(ts|mjs|sh|asl\.json)$/.test(word),
  );
}

function isThere(path: string): boolean {
  if (existsSync(join(root, path))) return true;
  // Tests are named as vitest takes them, by how their path begins; other files also by how it ends.
  if (path.startsWith('test/'))
    return files.some((file) => file.startsWith(path) && /^[-.]/.test(file.slice(path.length)));
  return files.some((file) => file.endsWith(`/${path}`));
}

describe.each(pages)('%s', (page) => {
  it('names files that exist', () => {
    expect(pathsIn(read(page)).filter((path) => !isThere(path))).toEqual([]);
  });

  it('links to files that exist', () => {
    const targets = [...read(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    const inside = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(inside.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
  });
});

it('a path is seen wherever it stands in code, and missed where it is gone (the check can fail)', () => {
  const page =
    '`npx vitest run test/architecture -u`, `imports.test.ts`, `core/gone.ts`\n```sh\nnode gone.ts\n```\nplan.ts';
  expect(pathsIn(page)).toEqual(['test/architecture', 'imports.test.ts', 'core/gone.ts', 'gone.ts']);
  expect(pathsIn(page).filter((path) => !isThere(path))).toEqual(['core/gone.ts', 'gone.ts']);
});

/** Rows of docs/site-behaviour.md that name no test, or none that there is, and do not say why. */
function untested(page: string): string[] {
  const [tables = ''] = page.split('\n## Sources');
  const rows = tables.match(/^\| (?!---|behaviour \|).*$/gm) ?? [];
  return rows.filter((row) => {
    const cells = row.split(/(?<!\\)\|/).slice(1, -1);
    const tests = [...(cells[3] ?? '').matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
    const areThere = tests.every((path) => /^test\//.test(path) && files.some((file) => isTest(file, path)));
    const saysWhy = /^ no test: .{10,} $/.test(cells[3] ?? '');
    return (
      cells.length !== 4 || cells.some((cell) => cell.trim() === '') || !(saysWhy || (tests.length > 0 && areThere))
    );
  });
}

const isTest = (file: string, path: string) => [`${path}.test.ts`, `${path}.deploy.ts`].includes(file);

it('each behaviour of a site, an engine or a store names its source and a test that there is, or says why there is none', () => {
  const page = read('docs/site-behaviour.md');
  expect(page.split('\n').filter((line) => line.startsWith('| ')).length).toBeGreaterThan(60);
  expect(untested(page)).toEqual([]);
});

it('a behaviour without its test is found (the check can fail)', () => {
  const good = [
    '`test/architecture/documents`',
    '`test/deploy/stack`, `test/architecture/names`',
    'no test: nobody can look',
  ];
  const bad = [
    '',
    '`test/gone`',
    '`test/architecture`',
    '`core/errors.ts`',
    'no test: ?',
    '`test/deploy/stack`, `test/gone`',
  ];
  const row = (last: string) => `| it \\| does | a source | we do | ${last} |`;
  const head = '| behaviour | where it stands | what we do | test |\n| --- | --- | --- | --- |\n';
  const page = `${head}${[...good, ...bad].map(row).join('\n')}\n| it does |  | we do | ${good[0]} |\n\n## Sources\n| a | b |`;
  expect(untested(page)).toEqual([...bad.map(row), `| it does |  | we do | ${good[0]} |`]);
});

/** The anchors that GitHub gives a page's headings. */
function anchorsOf(page: string): Set<string> {
  const headings = [...page.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (.*)$/gm)].map(([, text = '']) => text);
  return new Set(
    headings.map((text) =>
      text
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Links of a page to a heading that is not there. */
function lostAnchors(page: string, text: string): string[] {
  const links = [...text.matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)].map(([, target = '', anchor = '']) => ({
    target,
    anchor,
  }));
  return links
    .filter(({ target, anchor }) => {
      const file = target === '' ? page : join(dirname(page), target);
      return existsSync(join(root, file)) && !anchorsOf(target === '' ? text : read(file)).has(anchor);
    })
    .map(({ target, anchor }) => `${target}#${anchor}`);
}

it.each(pages)('%s links to headings that are there', (page) => {
  expect(lostAnchors(page, read(page))).toEqual([]);
});

it('a heading that is gone is found (the check can fail)', () => {
  const text = '# A b, `c`\n[here](#a-b-c), [gone](#a-b), [there](README.md#restore), [gone](README.md#nothing)';
  expect(lostAnchors('CHANGELOG.md', text)).toEqual(['#a-b', 'README.md#nothing']);
});

/** Rows that stand apart from their table, and those that say again what an earlier row of it is about, as merges leave them. */
function strayRows(text: string): string[] {
  const tables = text.replaceAll(/^```.*?^```/gms, '').matchAll(/(?:^\|.*\n?)+/gm);
  return [...tables].flatMap(([table]) => {
    const [, line = '', ...rows] = table.trim().split('\n');
    if (!/^\|[ :|-]+$/.test(line)) return [table.trim()];
    const subjects = rows.map((row) => row.split(/(?<!\\)\|/, 2)[1]?.trim() ?? '');
    return rows.filter((_, index) => subjects[index] !== '' && subjects.indexOf(subjects[index] ?? '') < index);
  });
}

// An endpoint, and what a site does, may have several rows.
it.each(pages.filter((page) => !/site-behaviour|security/.test(page)))('%s has each row of a table once', (page) => {
  expect(strayRows(read(page))).toEqual([]);
});

it('a row that stands apart, or twice, is found (the check can fail)', () => {
  const table = '| a | b |\n| --- | --- |\n| 1 | x |\n| 1 | y |\n';
  expect(strayRows(`${table}\n| 2 | z |\n\ntext\n`)).toEqual(['| 1 | y |', '| 2 | z |']);
});

it('the map of the code has every folder, and README leads to every page', () => {
  const readme = read('README.md');
  expect(folders.filter((folder) => !readme.includes(`\`${folder}/\``))).toEqual([]);
  const linked = pages.filter((page) => page !== 'README.md' && !page.startsWith('test/'));
  expect(linked.filter((page) => !readme.includes(`](${page})`))).toEqual([]);
});

it('decisions are numbered, and each says when it was taken and whether it holds', () => {
  const decisions = [...read('docs/decisions.md').matchAll(/^(\d+)\. (.*)$/gm)];
  expect(decisions.map(([, number]) => Number(number))).toEqual(decisions.map((_, index) => index + 1));
  const form = /^\*\d{4}-\d\d-\d\d, (accepted|(?:changed|superseded) by (\d+))\.\* \*\*/;
  for (const [line, number, text = ''] of decisions) {
    const [, status, by] = form.exec(text) ?? [];
    expect(status, line).toBeDefined();
    if (by !== undefined) expect(Number(by), line).toBeGreaterThan(Number(number));
  }
});
