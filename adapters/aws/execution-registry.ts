import { DescribeExecutionCommand, SFNClient, type SFNClientConfig } from '@aws-sdk/client-sfn';
import { nameOf } from '../../core/errors.ts';
import type { RunHolder, RunRegistry } from '../../core/ports/run-registry.ts';
import { clientSettings } from './client-settings.ts';

export function createStepFunctionsClient(config: SFNClientConfig = {}): SFNClient {
  return new SFNClient({ ...clientSettings, ...config });
}

/** Holders are executions of state machines: Step Functions knows which of them still run. */
export class ExecutionRegistry implements RunRegistry {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  holder(executionId: string): RunHolder {
    return { executionId };
  }

  async hasEnded({ executionId, process }: RunHolder): Promise<boolean> {
    // A run of some computer, or a function that was called by itself: nothing is known of them here.
    if (process !== undefined || !executionId.startsWith('arn:')) return false;
    try {
      const { status } = await this.#client.send(new DescribeExecutionCommand({ executionArn: executionId }));
      return status === 'SUCCEEDED' || status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED';
    } catch (error) {
      // Executions are forgotten 90 days after their end, and none runs so long: a machine's time-out is seven days at most.
      if (nameOf(error) === 'ExecutionDoesNotExist') return true;
      throw error;
    }
  }
}
