import { describe, expect, it } from 'vitest';
import { IssuePages } from '../../../../core/backup/issue-links/issue-pages.ts';
import { RequestRefusedError } from '../../../../core/errors.ts';
import type { IssueField, IssuePage } from '../../../../core/ports/issues-reader.ts';

const field: IssueField = { id: 'customfield_10100', name: 'Asset', record: {} };
const issue = (id: string) => ({ id, key: `ITSM-${id}`, fields: {} });

/** A client that gives these pages, as no site that we know does. */
function giving(pageOf: (next: string | null, asked: number) => IssuePage) {
  let asked = 0;
  const issuesOf = async (_: IssueField, next: string | null) => {
    asked += 1;
    return { offered: true, value: pageOf(next, asked) } as const;
  };
  return { reader: { issuesOf }, asked: () => asked };
}

async function readAll(pages: IssuePages): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const page = await pages.read();
    if (!page.offered) throw new Error(page.reason);
    ids.push(...page.value.issues.map(({ id }) => id));
    if (page.value.isLast) return ids;
  }
}

describe('the pages of a field', () => {
  it('give an issue that several show once, over empty pages, and go on where they were', async () => {
    const pages = [['1', '2'], [], ['2', '3'], ['1', '4']];
    const { reader } = giving((next) => {
      const at = Number(next ?? 0);
      return { issues: (pages[at] ?? []).map(issue), next: at === 3 ? null : String(at + 1) };
    });
    const first = new IssuePages(reader, field);
    await first.read();
    await first.read();
    const progress = JSON.parse(JSON.stringify(first.progress));
    expect(progress).toEqual({
      next: '2',
      pass: 1,
      seen: [
        ['1', 1],
        ['2', 1],
      ],
    });
    expect(await readAll(new IssuePages(reader, field, progress))).toEqual(['3', '4']);
  });

  it('have no end where a token leads to itself, or a hundred of them bring nothing', async () => {
    const same = giving(() => ({ issues: [issue('1')], next: 'same' }));
    await expect(readAll(new IssuePages(same.reader, field))).rejects.toThrow('without an end');
    expect(same.asked()).toBe(2);
    const others = giving((_, asked) => ({ issues: [issue('1')], next: String(asked) }));
    await expect(readAll(new IssuePages(others.reader, field))).rejects.toThrow('without an end');
    expect(others.asked()).toBe(101);
  });

  it('begin anew where a token is refused, three times, and give what is new alone', async () => {
    let refusals = 0;
    const { reader } = giving((next, asked) => {
      if (next === '1' && refusals < 3) {
        refusals += 1;
        throw new RequestRefusedError('The token is not valid.');
      }
      return { issues: [issue(next ?? '0'), issue(`of ${asked}`)], next: next === null ? '1' : null };
    });
    expect(await readAll(new IssuePages(reader, field))).toEqual(['0', 'of 1', 'of 3', 'of 5', 'of 7', '1', 'of 8']);
    const never = giving((next) => {
      if (next !== null) throw new RequestRefusedError('The token is not valid.');
      return { issues: [issue('0')], next: '1' };
    });
    await expect(readAll(new IssuePages(never.reader, field))).rejects.toThrow('The token is not valid.');
  });

  it('are what was refused where the first one is', async () => {
    const { reader } = giving(() => {
      throw new RequestRefusedError('No such field.');
    });
    await expect(readAll(new IssuePages(reader, field))).rejects.toThrow('No such field.');
  });
});
