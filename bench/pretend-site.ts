import type { ChildProcess } from 'node:child_process';
import type { PlainFetchesInput, PlainFetchesReport } from './processes/plain-fetches.ts';
import type {
  AskedRequest,
  Changed,
  Deleted,
  Imported,
  ImportInput,
  OwnersNow,
  SiteInput,
  SiteReady,
  SiteReport,
} from './processes/site.ts';
import { nextMessage, type Workshop } from './workshop.ts';

/** The simulator in a process of its own, which counts what it is asked. */
export class PretendSite {
  readonly ready: SiteReady;
  readonly #process: ChildProcess;
  readonly #workshop: Workshop;

  private constructor(workshop: Workshop, process: ChildProcess, ready: SiteReady) {
    this.#workshop = workshop;
    this.#process = process;
    this.ready = ready;
  }

  static async start(workshop: Workshop, input: SiteInput): Promise<PretendSite> {
    const process = workshop.start('site', input);
    return new PretendSite(workshop, process, await nextMessage<SiteReady>(process));
  }

  get objects(): number {
    return this.ready.types.reduce((sum, count) => sum + count, 0);
  }

  async report(): Promise<SiteReport> {
    const report = nextMessage<SiteReport>(this.#process);
    this.#process.send('report');
    return report;
  }

  /** What it was asked since the last call of this, in the order of arrival. */
  async newlyAsked(): Promise<readonly AskedRequest[]> {
    const asked = nextMessage<readonly AskedRequest[]>(this.#process);
    this.#process.send('newly asked');
    return asked;
  }

  /** Somebody changes so many objects of a large site. */
  async changeObjects(count: number): Promise<void> {
    const changed = nextMessage<Changed>(this.#process);
    const message: Changed = { changed: count };
    this.#process.send(message);
    await changed;
  }

  /** Somebody deletes so many objects. */
  async deleteObjects(count: number): Promise<Deleted> {
    const deleted = nextMessage<Deleted>(this.#process);
    this.#process.send({ deleted: count });
    return deleted;
  }

  /** An import gives objects another owner, and somebody some of them yet another one. Only of a site whose objects have owners. */
  async importOwners(input: ImportInput): Promise<Imported> {
    const imported = nextMessage<Imported>(this.#process);
    this.#process.send(input);
    return imported;
  }

  /** How many owners are what they were before the last import, and what somebody made them by hand after it. */
  async owners(): Promise<OwnersNow> {
    const owners = nextMessage<OwnersNow>(this.#process);
    this.#process.send('owners');
    return owners;
  }

  /** Seconds that the same requests take with nothing else done: as many at once, in the same order. */
  async secondsOfPlainFetches({ asked }: SiteReport, atOnce: number): Promise<number> {
    const input: PlainFetchesInput = { site: this.ready, requests: asked, atOnce };
    return (await this.#workshop.run<PlainFetchesReport>('plain-fetches', input)).seconds;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.disconnect();
    await ended;
  }
}
