/** Who holds a lock: an execution of a state machine, or a process of this machine that runs one. */
export interface RunHolder {
  readonly executionId: string;
  readonly process?: { readonly host: string; readonly pid: number };
}

/** Knows this execution, and whether another one has ended. */
export interface RunRegistry {
  holder(executionId: string): RunHolder;
  /** True only when it is known that the holder does not run any more. */
  hasEnded(holder: RunHolder): Promise<boolean>;
}
