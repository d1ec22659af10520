import { describe, expect, it } from 'vitest';
import { createStepFunctionsClient, ExecutionRegistry } from '../../../adapters/aws/execution-registry.ts';
import { type JsonAnswer, jsonService } from './json-service.ts';

const executionId = 'arn:aws:states:eu-central-1:123456789012:execution:Backup:night';

async function hasEnded(answer: JsonAnswer, holder: object = {}) {
  const client = createStepFunctionsClient(await jsonService(() => answer));
  return new ExecutionRegistry(client).hasEnded({ executionId, ...holder });
}

const described = (status: string) => ({ body: { executionArn: executionId, status, startDate: 1 } });
const refused = (name: string) => ({ status: 400, body: { __type: name, message: name } });

describe('an execution that holds a lock', () => {
  it.each(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'])('has ended: %s', async (status) => {
    expect(await hasEnded(described(status))).toBe(true);
  });

  it.each(['RUNNING', 'PENDING_REDRIVE', 'A_STATUS_OF_TOMORROW'])('has not: %s', async (status) => {
    expect(await hasEnded(described(status))).toBe(false);
  });

  it('has ended where AWS has forgotten it', async () => {
    expect(await hasEnded(refused('ExecutionDoesNotExist'))).toBe(true);
  });

  it('is not taken for ended where AWS does not say', async () => {
    await expect(hasEnded(refused('AccessDeniedException'))).rejects.toThrow();
  });

  it('is not known to have ended where it was a process of some machine', async () => {
    expect(await hasEnded(described('SUCCEEDED'), { process: { host: 'x', pid: 1 } })).toBe(false);
  });
});
