import { describe, expect, it } from 'vitest';
import type { Services } from '../../core/ports/services.ts';
import { step as exportObjects } from '../../functions/backup/export-objects.ts';
import { step as createObjects } from '../../functions/restore/create-objects.ts';
import { HurriedClock, RecordingReporter } from '../end-to-end/local-run.ts';

const services = { reporter: new RecordingReporter(), clock: new HurriedClock() } as Partial<Services> as Services;

describe('a run that another version of the program began', () => {
  it.each([
    [exportObjects, { run: { contract: 0, backup: 'b', executionId: 'e' }, batch: {} }],
    [createObjects, { run: { contract: 1, restore: 'r', backup: 'b', executionId: 'e' }, from: 0 }],
  ])('is refused with a sentence before anything is read of it', async (step, payload) => {
    await expect(step.invoke(services, payload)).rejects.toMatchObject({
      name: 'WrongInputError',
      message: expect.stringContaining('the run was begun by another version of this program, so start a new one'),
    });
  });

  it('is refused where it names no version', async () => {
    const payload = { run: { restore: 'r', backup: 'b', executionId: 'e' }, from: 0 };
    await expect(createObjects.invoke(services, payload)).rejects.toMatchObject({ name: 'WrongInputError' });
  });
});
