import type { CommandLineIo, StopListeners } from '../../cli/command-line-io.ts';

/** A stream that keeps what was written; a terminal when it has a width. */
export class RecordedStream {
  text = '';
  readonly isTTY: boolean;
  columns: number | undefined;

  constructor(columns?: number) {
    this.isTTY = columns !== undefined;
    this.columns = columns;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

/** Surroundings of a command line that keep what it writes, and in which a test can press Ctrl-C. */
export class RecordedIo implements CommandLineIo {
  readonly stdout: RecordedStream;
  readonly stderr: RecordedStream;
  env: Record<string, string | undefined>;
  ask: CommandLineIo['ask'];
  askSecret: CommandLineIo['askSecret'];
  readonly exits: number[] = [];
  readonly now = Date.now;
  #listeners: StopListeners | undefined;

  constructor({ columns, stdoutColumns, env = {}, ask, askSecret }: RecordedIoOptions = {}) {
    this.stdout = new RecordedStream(stdoutColumns);
    this.stderr = new RecordedStream(columns);
    this.env = env;
    this.ask = ask;
    this.askSecret = askSecret;
  }

  onStopSignals = (listeners: StopListeners) => {
    this.#listeners = listeners;
    return () => {
      this.#listeners = undefined;
    };
  };

  exit = (exitCode: number) => {
    this.exits.push(exitCode);
  };

  get isListening(): boolean {
    return this.#listeners !== undefined;
  }

  pressCtrlC(): void {
    this.#listeners?.stop('SIGINT');
  }

  pressCtrlCAgain(): void {
    this.#listeners?.quit();
  }

  /** The one document on stdout. Throws where there is more or less than one. */
  document(): Record<string, unknown> {
    return JSON.parse(this.stdout.text) as Record<string, unknown>;
  }

  /** The one document on stderr. */
  errorDocument(): Record<string, unknown> {
    return JSON.parse(this.stderr.text) as Record<string, unknown>;
  }
}

interface RecordedIoOptions {
  readonly columns?: number;
  readonly stdoutColumns?: number;
  readonly env?: Record<string, string | undefined>;
  readonly ask?: NonNullable<CommandLineIo['ask']>;
  readonly askSecret?: NonNullable<CommandLineIo['askSecret']>;
}
