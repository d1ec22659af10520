import { setTimeout as sleep } from 'node:timers/promises';
import { answerStatus } from './s3-error.ts';

/** A write that goes on where another one of the same key was under way (409): S3 asks to try again, and then one finds the other's. */
export async function pastConflicts<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (answerStatus(error) !== 409 || attempt === conflictAttempts) throw error;
      await sleep(attempt * 50 + Math.random() * 100);
    }
  }
}

const conflictAttempts = 6;
