import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { BrowsedPlace } from '../../browse/browsed-place.ts';
import { type BrowseServer, startBrowseServer } from '../../browse/server.ts';
import { BrowseFolder } from '../../local/browse-folder.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { Fault } from '../../pages/answers.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A server of backups, as a browser asks it. It ends with the test. */
export class Browsed {
  readonly server: BrowseServer;
  readonly faults: unknown[];
  readonly origin: string;
  readonly token: string;

  constructor(server: BrowseServer, faults: unknown[]) {
    this.server = server;
    this.faults = faults;
    const { origin, hash } = new URL(server.address);
    this.origin = origin;
    this.token = hash.slice(1);
  }

  static async of(directory: string, changes: Partial<BrowsedPlace> = {}): Promise<Browsed> {
    const faults: unknown[] = [];
    const place: BrowsedPlace = {
      ...{ name: directory, restoreWords: ['--local', directory], searchesValues: true, version: '1.2.3' },
      ...openLocalStores(directory),
      indexes: changes.indexes ?? (await BrowseFolder.beside(directory)),
      onFault: (error) => faults.push(error),
      ...changes,
    };
    const server = await startBrowseServer(place, { script: 'script', style: 'style' });
    const browsed = new Browsed(server, faults);
    onTestFinished(() => browsed.close());
    return browsed;
  }

  #closed: Promise<void> | undefined;

  close(): Promise<void> {
    this.#closed ??= this.server.close();
    return this.#closed;
  }

  /** One request just as it is written here. */
  ask(path: string, { method = 'GET', headers = {} }: { method?: string; headers?: object } = {}): Promise<Answered> {
    const { hostname, port } = new URL(this.origin);
    return new Promise((resolve, reject) => {
      const sent = request({ hostname, port, path, method, headers: { ...headers } }, async (response) => {
        const pieces = await Array.fromAsync(response as AsyncIterable<Buffer>);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) });
      });
      sent.on('error', reject).end();
    });
  }

  /** What the page asks. Throws what the server says is wrong. */
  async get<Answer>(name: string, query: Readonly<Record<string, string | number | undefined>> = {}): Promise<Answer> {
    const { status, body } = await this.query(name, query);
    const answer: unknown = JSON.parse(body.toString());
    if (status !== 200) throw new Refused(status, answer as Fault);
    return answer as Answer;
  }

  query(name: string, query: Readonly<Record<string, string | number | undefined>> = {}): Promise<Answered> {
    const given = new URLSearchParams();
    for (const [field, of] of Object.entries(query)) if (of !== undefined) given.set(field, String(of));
    return this.ask(`/api/${name}?${given}`, {
      headers: { 'x-assets-backup-token': this.token },
    });
  }

  /** The answer once the index is there. */
  async indexed<Answer extends { readonly state: string }>(
    name: string,
    query: Readonly<Record<string, string | number | undefined>>,
  ): Promise<Exclude<Answer, { readonly state: 'indexing' }>> {
    for (;;) {
      const answer = await this.get<Answer>(name, query);
      if (answer.state !== 'indexing') return answer as Exclude<Answer, { readonly state: 'indexing' }>;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

export class Refused extends Error {
  readonly status: number;

  constructor(status: number, { error, message }: Fault) {
    super(`${status} ${error}: ${message}`);
    this.status = status;
  }
}
