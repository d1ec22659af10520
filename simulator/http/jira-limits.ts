import type { Issue } from '../site/issue-records.ts';
import type { Answer } from './answer.ts';
import { errorAnswer } from './answer.ts';
import type { EndpointName } from './endpoint.ts';
import { AdmittedTimes } from './rate-limits.ts';

/** Writes to one issue that Jira takes. Source: reference, section 4 (Jira's page on rate limits, 12 Aug 2026). */
const issueWrites = [
  { windowMs: 2000, limit: 20 },
  { windowMs: 30_000, limit: 100 },
] as const;

/** Bursts a second by endpoint and method: 100, but for writes and for one issue. The same source. */
const bursts: Partial<Record<EndpointName, number>> = {
  'field-list': 100,
  'field-search': 100,
  'field-contexts': 100,
  'issue-search': 100,
  'issue-bulkfetch': 100,
  issue: 150,
  'issue-update': 50,
};

interface Refused {
  readonly waitMs: number;
  readonly limit: number;
  readonly reason: 'jira-burst-based' | 'jira-per-issue-on-write';
}

/** The limits of Jira, which are apart from those of Assets: bursts where they are asked for, and writes to each issue always. */
export class JiraLimits {
  readonly #hasBursts: boolean;
  readonly #bursts = new Map<string, AdmittedTimes>();
  readonly #issues = new Map<number, readonly AdmittedTimes[]>();

  constructor({ bursts }: { readonly bursts: boolean }) {
    this.#hasBursts = bursts;
  }

  /** Admits a request (undefined) or says why not. A refused one counts against nothing. */
  admit(endpoint: EndpointName, method: string, issue: Issue | undefined, nowMs: number): Refused | undefined {
    const burst = this.#hasBursts ? bursts[endpoint] : undefined;
    const name = `${method} ${endpoint}`;
    const own = this.#bursts.get(name) ?? new AdmittedTimes();
    const times = issue && (this.#issues.get(issue.id) ?? issueWrites.map(() => new AdmittedTimes()));
    const refused: Refused[] = [];
    const look = (admitted: AdmittedTimes, windowMs: number, limit: number, reason: Refused['reason']) => {
      const waitMs = admitted.wait(limit, windowMs, nowMs);
      if (waitMs > 0) refused.push({ waitMs, limit, reason });
    };
    if (burst !== undefined) look(own, 1000, burst, 'jira-burst-based');
    for (const [index, { windowMs, limit }] of issueWrites.entries()) {
      const admitted = times?.[index];
      if (admitted) look(admitted, windowMs, limit, 'jira-per-issue-on-write');
    }
    if (refused.length > 0) return refused.reduce((a, b) => (b.waitMs > a.waitMs ? b : a));
    this.#bursts.set(name, own);
    own.add(nowMs);
    if (issue && times) this.#issues.set(issue.id, times);
    for (const admitted of times ?? []) admitted.add(nowMs);
    return undefined;
  }
}

/** With the headers of samples/jira-rate-limit-429.json; `Retry-After` as the quirk has it. */
export function limitedAnswer(
  { waitMs, limit, reason }: Refused,
  { nowMs, hasRetryAfter }: { readonly nowMs: number; readonly hasRetryAfter: boolean },
): Answer {
  const policy = reason === 'jira-burst-based' ? 'jira-burst' : 'jira-per-issue';
  return {
    ...errorAnswer(429, ['Rate limit exceeded.']),
    headers: {
      ...(hasRetryAfter && { 'Retry-After': String(Math.ceil(waitMs / 1000)) }),
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': new Date(nowMs + waitMs).toISOString(),
      'RateLimit-Reason': reason,
      'Beta-RateLimit-Policy': `"${policy}";q=${limit};w=${Math.ceil(waitMs / 1000)}`,
      'Beta-RateLimit': `"${policy}";r=0;t=${Math.ceil(waitMs / 1000)}`,
    },
  };
}
