import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { createAssetsSite } from '../adapters/atlassian/assets-site.ts';
import type { LoginSettings } from '../adapters/atlassian/site-settings.ts';
import type { Workspace } from '../core/model/run.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Reporter } from '../core/ports/reporter.ts';
import type { MachineName } from '../functions/step-list.ts';
import { askAws } from './ask-aws.ts';
import { deployedSecret } from './executions.ts';
import type { FoundStack } from './find-stack.ts';

/** A login, checked, and the secret's text that says the same. Only the text holds the token where one can read it. */
export interface NewLogin {
  readonly settings: LoginSettings;
  readonly secretText: string;
}

const silent: Reporter = { planned: () => {}, advanced: () => {}, requested: () => {}, event: () => {} };

/**
 * Logs in to the site. Throws, with a sentence for each, LoginRefusedError, NoAssetsError, WrongAddressError,
 * SiteUnavailableError, RateLimitedError, InterruptedError.
 */
export function tryLogin({ settings }: NewLogin, clock: Clock, signal: AbortSignal): Promise<Workspace> {
  return createAssetsSite({ settings, clock, reporter: silent, signal }).discover();
}

/** Makes a login the value of the secret of one machine; the value before stays as its previous version. Throws AwsRefusedError, WrongInputError. */
export async function storeLogin(stack: FoundStack, machine: MachineName, { secretText }: NewLogin): Promise<void> {
  const secret = deployedSecret(stack, machine);
  await askAws(
    `store the login in the ${machine} secret`,
    stack.clients.secrets.send(new PutSecretValueCommand({ SecretId: secret, SecretString: secretText })),
  );
}
