import {
  GetSecretValueCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager';
import { EmptySecretError, messageOf, nameOf, StorageError, WrongInputError } from '../../core/errors.ts';
import type { Json } from '../../core/model/json.ts';
import { clientSettings } from './client-settings.ts';

export function createSecretsClient(config: SecretsManagerClientConfig = {}): SecretsManagerClient {
  return new SecretsManagerClient({ ...clientSettings, ...config });
}

/**
 * The JSON in a secret of the stack. Read anew for each invocation: a token that was changed is used at once.
 * Throws EmptySecretError where it has no value yet, WrongInputError where that is no JSON, StorageError. `howToFill` is the
 * command that fills it.
 */
export async function readSiteSecret(
  client: SecretsManagerClient,
  { secretId, howToFill }: { readonly secretId: string; readonly howToFill: string },
): Promise<Json> {
  const text = await secretText(client, secretId, howToFill);
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Without its cause, which quotes the text.
    throw new WrongInputError(
      `What stands in the secret ${secretId} is not JSON: it must be { "siteName": ..., "username": ..., "apiToken": ... }. Fill it with \`${howToFill}\`.`,
    );
  }
}

async function secretText(client: SecretsManagerClient, secretId: string, howToFill: string): Promise<string> {
  try {
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    if (text !== undefined && text.trim() !== '') return text;
  } catch (error) {
    // Made without a value: Secrets Manager knows the secret, but no value of it.
    if (nameOf(error) !== 'ResourceNotFoundException') {
      throw new StorageError(`The secret ${secretId} could not be read (${nameOf(error)}: ${messageOf(error)}).`, {
        cause: error,
      });
    }
  }
  throw new EmptySecretError(
    `The secret ${secretId} holds no login yet. Fill it with \`${howToFill}\`, then start again.`,
  );
}
