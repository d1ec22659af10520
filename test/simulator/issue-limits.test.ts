import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Reply } from './client.ts';
import { issueSite, search, started } from './issue-site.ts';

describe('Limits of Jira', () => {
  it('are 20 writes in 2 seconds and 100 in 30, whatever the others take', async () => {
    const parts = issueSite();
    parts.site.addIssue({ key: 'ITSM-13' });
    const clock = { nowMs: Date.UTC(2026, 0, 1), now: () => clock.nowMs };
    const { set } = await started(parts, { clock });
    const writes = async (count: number, key = 'ITSM-12') => {
      const replies: Reply[] = [];
      for (let index = 0; index < count; index += 1) replies.push(await set([(index % 3) + 1], '', key));
      return replies;
    };
    const first = await writes(21);
    expect(first.map(({ status }) => status)).toEqual([...Array(20).fill(204), 429]);
    const { headers } = first[20] as Reply;
    expect(headers.get('ratelimit-reason')).toBe('jira-per-issue-on-write');
    expect([headers.get('retry-after'), headers.get('x-ratelimit-limit')]).toEqual(['2', '20']);
    const sample = await readFile(
      new URL('../adapters/atlassian/samples/jira-rate-limit-429.json', import.meta.url),
      'utf8',
    );
    const documented = Object.keys(JSON.parse(sample).response.headers);
    expect(documented.filter((name) => !headers.has(name))).toEqual([]);
    expect((await writes(1, 'ITSM-13'))[0]?.status).toBe(204);
    for (let round = 1; round < 5; round += 1) {
      clock.nowMs += 2000;
      expect((await writes(20)).every(({ status }) => status === 204)).toBe(true);
    }
    clock.nowMs += 2000;
    const last = await writes(1);
    expect([last[0]?.status, last[0]?.headers.get('retry-after')]).toEqual([429, '20']);
  });

  it('are bursts of 150 reads and 100 searches a second where limits are those of the documents', async () => {
    const parts = issueSite();
    const clock = { nowMs: Date.UTC(2026, 0, 1), now: () => clock.nowMs };
    const { client } = await started(parts, { clock, limits: { documented: true } });
    const statuses = async (count: number, ask: () => Promise<Reply>) => {
      const replies: Reply[] = [];
      for (let index = 0; index < count; index += 1) replies.push(await ask());
      return replies;
    };
    const reads = await statuses(151, () => client.ask('GET', '/rest/api/3/issue/ITSM-12'));
    expect(reads.filter(({ status }) => status === 200)).toHaveLength(150);
    expect(reads[150]?.headers.get('ratelimit-reason')).toBe('jira-burst-based');
    const searches = await statuses(101, () => search(client, '"Office" is not EMPTY'));
    expect(searches.filter(({ status }) => status === 200)).toHaveLength(100);
    clock.nowMs += 1000;
    expect((await client.ask('GET', '/rest/api/3/issue/ITSM-12')).status).toBe(200);
  });
});
