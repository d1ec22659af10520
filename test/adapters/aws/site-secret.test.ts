import { describe, expect, it } from 'vitest';
import { createSecretsClient, readSiteSecret } from '../../../adapters/aws/site-secret.ts';
import { EmptySecretError, StorageError, WrongInputError } from '../../../core/errors.ts';
import { type JsonAnswer, jsonService } from './json-service.ts';

const secret = {
  secretId: 'arn:aws:secretsmanager:eu-central-1:1:secret:BackupSecret',
  howToFill: 'assets-backup login',
};

async function read(answer: JsonAnswer) {
  return readSiteSecret(createSecretsClient(await jsonService(() => answer)), secret);
}

const withoutValue = {
  status: 400,
  body: {
    __type: 'ResourceNotFoundException',
    Message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
  },
};

describe("the stack's secret", () => {
  it('gives its JSON', async () => {
    expect(await read({ body: { SecretString: '{"siteName":"https://x.atlassian.net"}' } })).toEqual({
      siteName: 'https://x.atlassian.net',
    });
  });

  it.each([withoutValue, { body: { SecretString: ' ' } }])('says how to fill it where it is empty', async (answer) => {
    const refused = read(answer);
    await expect(refused).rejects.toThrow(EmptySecretError);
    await expect(refused).rejects.toThrow(/holds no login yet\. Fill it with `assets-backup login`/);
  });

  it('shows nothing of a value that is no JSON', async () => {
    const refused = read({ body: { SecretString: 'ATATT-a-token-pasted-alone' } });
    await expect(refused).rejects.toThrow(WrongInputError);
    const error = (await refused.catch((thrown: unknown) => thrown)) as Error;
    expect(`${error.stack} ${String(error.cause)}`).not.toContain('ATATT');
  });

  it('is not taken for empty where it may not be read', async () => {
    const refused = read({ status: 400, body: { __type: 'AccessDeniedException', Message: 'not authorized' } });
    await expect(refused).rejects.toThrow(StorageError);
    await expect(refused).rejects.toThrow(/AccessDeniedException/);
  });
});
