import { SchedulerClient, type SchedulerClientConfig } from '@aws-sdk/client-scheduler';

const answerWithin = 30_000; // milliseconds
/** A topic has 12.5 million at most, 100 a page; whether one of them is confirmed is known long before. */
const mostPages = 20;

/** How a topic's subscriptions stand. */
export interface TopicSubscriptions {
  readonly confirmed: number;
  /** Nobody has followed the link in the first mail. */
  readonly pending: number;
}

/**
 * Reads who is subscribed to topics: one question of SNS's query API, signed as the SDK signs, which needs no client of its own for
 * that. It goes to the address in `AWS_ENDPOINT_URL_SNS` or `AWS_ENDPOINT_URL` where one is set, as those of the SDK do.
 */
export class SnsTopics {
  readonly #config: SchedulerClientConfig;

  constructor(config: SchedulerClientConfig) {
    this.#config = config;
  }

  /** Ends as soon as one is known to be confirmed. Throws what SNS, or the way to it, says against it. */
  async subscriptions(topicArn: string): Promise<TopicSubscriptions> {
    let pending = 0;
    let next: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await this.#ask(topicArn, {
        Action: 'ListSubscriptionsByTopic',
        TopicArn: topicArn,
        Version: '2010-03-31',
        ...(next !== undefined && { NextToken: next }),
      });
      const arns = [...answer.matchAll(/<SubscriptionArn>([^<]*)<\/SubscriptionArn>/g)].map(([, arn = '']) => arn);
      const confirmed = arns.filter((arn) => arn.startsWith('arn:')).length;
      pending += arns.filter((arn) => arn === 'PendingConfirmation').length;
      next = /<NextToken>([^<]+)<\/NextToken>/.exec(answer)?.[1];
      if (confirmed > 0 || next === undefined) return { confirmed, pending };
    }
    return { confirmed: 0, pending };
  }

  async #ask(topicArn: string, fields: Readonly<Record<string, string>>): Promise<string> {
    const [, partition, , region = ''] = topicArn.split(':');
    const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    const { AWS_ENDPOINT_URL_SNS: ofSns, AWS_ENDPOINT_URL: ofAll } = process.env;
    const url = new URL(ofSns || ofAll || `https://sns.${region}.${suffix}`);
    const body = new URLSearchParams(fields).toString();
    // A client keeps the first service that it has signed for.
    const { config } = new SchedulerClient({ ...this.#config, region });
    const signer = await config.signer({ name: 'sigv4', signingName: 'sns', signingRegion: region, properties: {} });
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port !== '' && { port: Number(url.port) }),
      path: '/',
      query: {},
      headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body,
    });
    const { host: _, ...sent } = headers;
    const signal = AbortSignal.timeout(answerWithin);
    const request = { method: 'POST', headers: sent, body, signal, redirect: 'error' } as const;
    const response = await fetch(new URL('/', url), request).catch((error: Error) => {
      // `fetch failed` says nothing; what led to it does.
      throw error.cause ?? error;
    });
    const text = await response.text();
    if (response.ok) return text;
    const said = (field: string) => new RegExp(`<${field}>([^<]*)</${field}>`).exec(text)?.[1];
    // By the code that SNS gives, as errors of the SDK are named.
    const name = said('Code') ?? `HTTP ${response.status}`;
    throw Object.assign(new Error(said('Message') ?? 'It said no more.'), { name });
  }
}
