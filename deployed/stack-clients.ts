import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { clientSettings } from '../adapters/aws/client-settings.ts';
import { createStepFunctionsClient } from '../adapters/aws/execution-registry.ts';
import { createS3Client } from '../adapters/aws/s3-client.ts';
import { createSecretsClient } from '../adapters/aws/site-secret.ts';
import { SnsTopics } from '../adapters/aws/sns-topics.ts';

/** Which stack, and where: profile and region are found as every program of AWS finds them where they are not given. */
export interface StackAddress {
  readonly stack: string;
  readonly profile?: string;
  readonly region?: string;
}

export type StackClients = ReturnType<typeof stackClients>;

/** The function behind `doctor` has five minutes: its answer is waited for. */
const longestInvocation = 6 * 60_000;

/** The SDK warns of keys in the environment beside `--profile`, which says itself which of them is meant. */
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export function stackClients({ profile, region }: StackAddress) {
  const where = { logger: silent, ...(profile !== undefined && { profile }), ...(region !== undefined && { region }) };
  const config = { ...clientSettings, ...where };
  return {
    cloudFormation: new CloudFormationClient(config),
    stepFunctions: createStepFunctionsClient(where),
    s3: createS3Client(where),
    secrets: createSecretsClient(where),
    scheduler: new SchedulerClient(config),
    topics: new SnsTopics(config),
    lambda: new LambdaClient({
      ...config,
      maxAttempts: 2,
      requestHandler: { ...clientSettings.requestHandler, requestTimeout: longestInvocation },
    }),
  };
}
