import * as v from 'valibot';
import { linkReferences } from '../../core/restore/objects/link-references.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** References that could not be set at creation; to be called again from `next` while that is not null. */
export const step = defineStep('link-references', v.strictObject({ run: restoreRun, from }), linkReferences);
