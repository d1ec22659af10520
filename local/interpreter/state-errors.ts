/** What `$states.errorOutput` shows to a catcher. */
export type ErrorOutput = { Error: string; Cause: string };

/**
 * An error as the states language knows it: `name` is what Retry and Catch match, `message` is the cause.
 * Anything else that is thrown inside a run is a fault of the interpreter or its host, and ends the run by rejecting.
 */
export abstract class StateError extends Error {
  get output(): ErrorOutput {
    return { Error: this.name, Cause: this.message };
  }
}

/** An error that a function or a Fail state reported under a name of its own. */
export class ReportedError extends StateError {
  override readonly name: string;

  constructor(name: string, cause: string, options?: ErrorOptions) {
    super(cause, options);
    this.name = name;
  }
}

/** An expression failed, or its value is not what the field takes. */
export class QueryEvaluationError extends StateError {
  override readonly name = 'States.QueryEvaluationError';
}

/** A state's input, result or output is larger than 256 KiB. */
export class DataLimitExceededError extends StateError {
  override readonly name = 'States.DataLimitExceeded';
}

/** A task or a machine ran longer than its TimeoutSeconds. */
export class TimeoutError extends StateError {
  override readonly name = 'States.Timeout';
}

/** The object that an ItemReader names could not be read, or is no JSON array. */
export class ItemReaderFailedError extends StateError {
  override readonly name = 'States.ItemReaderFailed';
}

/** An item of a map failed, and no map tolerates that here. */
export class ExceedToleratedFailureThresholdError extends StateError {
  override readonly name = 'States.ExceedToleratedFailureThreshold';
}
