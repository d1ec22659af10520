import type { Simulator } from '../../simulator/start-simulator.ts';

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; tests look into it as they like. */
  json: Json;
}

/** JSON of unknown shape that tests may look into without ceremony; a wrong path gives undefined and fails the test. */
// biome-ignore lint/suspicious/noExplicitAny: answers are looked into at random depth
export type Json = any;

/** Asks a simulator as a client would, with its login. */
export class Client {
  readonly simulator: Simulator;

  constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  get assetsBase(): string {
    return `/jsm/assets/workspace/${this.simulator.site.workspaceId}/v1`;
  }

  get(path: string): Promise<Reply> {
    return this.ask('GET', this.assetsBase + path);
  }

  post(path: string, body: unknown): Promise<Reply> {
    return this.ask('POST', this.assetsBase + path, body);
  }

  put(path: string, body: unknown): Promise<Reply> {
    return this.ask('PUT', this.assetsBase + path, body);
  }

  delete(path: string): Promise<Reply> {
    return this.ask('DELETE', this.assetsBase + path);
  }

  aql(qlQuery: string, query = ''): Promise<Reply> {
    return this.post(`/object/aql?${query}`, { qlQuery });
  }

  /** Labels of all objects that a query finds. */
  async labels(qlQuery: string): Promise<string[]> {
    const { json } = await this.aql(qlQuery, 'maxResults=1000');
    return json.values.map(({ label }: Json) => label);
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(this.simulator.url + path, {
      method,
      headers: {
        Authorization: this.authorization(),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }

  authorization(): string {
    const { username, apiToken } = this.simulator.credentials;
    return `Basic ${Buffer.from(`${username}:${apiToken}`).toString('base64')}`;
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
