import * as v from 'valibot';
import { openDrill } from '../../core/drill/open-drill.ts';
import { defineStep } from '../runtime/step.ts';

const input = v.strictObject({
  executionId: v.string(),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  // Nothing is asked: what a drill does its settings say, so that nobody who starts one can say otherwise.
  input: v.unknown(),
});

/** Logs in, chooses the newest backup that counts, takes the site's lock. */
export const step = defineStep('open-drill', input, (services, { executionId, startedAt }) =>
  openDrill(services, { executionId, startedAt }),
);
