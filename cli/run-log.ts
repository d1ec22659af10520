import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { backupName } from '../core/backup-format/keys.ts';
import { messageOf } from '../core/errors.ts';
import { harmlessLines } from '../core/harmless.ts';
import type { EventFields, EventName } from '../core/ports/reporter.ts';
import { inLogFolder, logFolder } from '../local/local-stores.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Events of the command line itself. */
type OwnEvent = 'run.started' | 'run.ended' | 'run.failed' | 'run.stopping' | 'run.hung-up';

/** The log of one run: JSON lines of events, private like the backups beside it. */
export class RunLog {
  readonly path: string;
  readonly #logger: Logger;
  readonly #file: ReturnType<typeof pino.destination>;

  /** Creates the folder where it is missing. Throws StorageError. `warn` hears of it once when the log cannot go on. */
  constructor(directory: string, startedAt: Date, warn: (message: string) => void) {
    const name = `${backupName(startedAt.toISOString())}.log`;
    this.path = join(directory, logFolder, name);
    // Synchronous, so that the last lines are there whatever ends the process.
    this.#file = inLogFolder(directory, name, (dest) => pino.destination({ dest, sync: true, mode: 0o600 }));
    // A disk that fails must fail the backup by the backup's own files, not by its log.
    this.#file.once('error', (error) => {
      warn(`The log ${this.path} is not complete: ${messageOf(error)}`);
      this.#file.on('error', () => {});
    });
    this.#logger = pino(
      {
        base: null,
        level: 'debug',
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (level) => ({ level }) },
      },
      // Lines of JSON, in which names of the site stand. The file sees to the rest.
      { write: (line: string) => this.#file.write(harmlessLines(line)) } satisfies DestinationStream,
    );
  }

  event(level: LogLevel, name: EventName | OwnEvent, fields: EventFields): void {
    this.#logger[level]({ event: name, ...fields });
  }

  close(): void {
    this.#file.end();
  }
}

const logName = /^(\d{4}-\d{2}-\d{2})_(\d{2})-(\d{2})-(\d{2})\.log$/;

/** Removes logs that are older than so many days, by their names; a file of another name is not ours to remove. */
export async function removeOldLogs(directory: string, now: number, keepDays: number): Promise<void> {
  const folder = join(directory, logFolder);
  const oldest = now - keepDays * 24 * 60 * 60 * 1000;
  for (const name of await readdir(folder)) {
    const startedAt = Date.parse(name.replace(logName, '$1T$2:$3:$4Z'));
    if (logName.test(name) && startedAt < oldest) await rm(join(folder, name), { force: true });
  }
}
