import { messageOf, PermissionRefusedError } from '../../errors.ts';
import { type ConfigurationPlan, schemasWritten } from '../plan-files.ts';

/** What to throw for an error of a write to the configuration: a refusal (403) is about the account, and says which role it lacks. */
export function ofConfiguration(error: unknown, plan: ConfigurationPlan): unknown {
  if (!(error instanceof PermissionRefusedError)) return error;
  const keys = schemasWritten(plan).map(({ key }) => key);
  return new PermissionRefusedError(
    `The target refuses a change of the configuration: this account may not manage it. Give it the role Object schema manager in ${keys.join(', ')} (to make a schema it has to be a Jira administrator), and start the restore again: it goes on where it stopped. ${messageOf(error)}`,
    { cause: error },
  );
}
