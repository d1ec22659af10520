import * as errors from '../core/errors.ts';

type OwnError = new (message: string) => errors.AssetsBackupError;

/** Our errors by their literal names, which Step Functions and Lambda hand on. */
export const ownErrors: ReadonlyMap<string, OwnError> = new Map(
  Object.values(errors).flatMap((exported): [string, OwnError][] => {
    const isOurs = exported.prototype instanceof errors.AssetsBackupError;
    return isOurs ? [[exported.name, exported as OwnError]] : [];
  }),
);
