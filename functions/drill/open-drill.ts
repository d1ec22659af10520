import * as v from 'valibot';
import { openDrill } from '../../core/drill/open-drill.ts';
import { parseDrillInput } from '../inputs/drill-input.ts';
import { defineStep } from '../runtime/step.ts';

const input = v.strictObject({
  executionId: v.string(),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  input: v.unknown(),
});

/** Logs in, chooses the newest backup that counts, takes the site's lock. */
export const step = defineStep('open-drill', input, (services, { input, ...execution }) =>
  openDrill(services, { ...execution, choices: parseDrillInput(input) }),
);
