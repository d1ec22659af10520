/** A stream that people or programs read. `process.stdout` and `process.stderr` are such. */
export interface OutputStream {
  write(text: string): boolean;
  readonly isTTY?: boolean;
  /** Width of the terminal; it changes while the program runs. */
  readonly columns?: number;
}

/** What surrounds the command: `main.ts` gives the process's own, tests give theirs. */
export interface CommandLineIo {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Asks a person; undefined where nobody sits at a terminal. */
  readonly ask: Ask | undefined;
  /** The same for a secret, without showing it. */
  readonly askSecret: Ask | undefined;
  /** Calls `stop` at the first Ctrl-C or SIGTERM and `quit` at the second, until the returned function is called. */
  readonly onStopSignals: (listeners: StopListeners) => () => void;
  /** Ends the process at once. */
  readonly exit: (exitCode: number) => void;
}

export type Ask = (question: string, signal: AbortSignal) => Promise<string>;

export interface StopListeners {
  readonly stop: (reason: string) => void;
  readonly quit: () => void;
  /** Told when the terminal is gone; where there is none, that ends the process. */
  readonly hungUp?: () => void;
}
