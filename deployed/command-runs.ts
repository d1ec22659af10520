import { hostname } from 'node:os';
import { ExecutionRegistry } from '../adapters/aws/execution-registry.ts';
import type { RunHolder } from '../core/ports/run-registry.ts';
import { askAws } from './ask-aws.ts';

/**
 * Runs of a stack, as the command sees them: of executions Step Functions knows whether they have ended. The command itself is a
 * process of this machine, of which nobody in AWS knows that.
 */
export class CommandRuns extends ExecutionRegistry {
  override holder(executionId: string): RunHolder {
    return { executionId, process: { host: hostname(), pid: process.pid } };
  }

  override hasEnded(holder: RunHolder): Promise<boolean> {
    return askAws('ask for an execution', super.hasEnded(holder));
  }
}
