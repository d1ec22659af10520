import * as v from 'valibot';
import { linkReferences } from '../../core/restore/objects/link-references.ts';
import { drilling } from '../runtime/drilling.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** References that could not be set at creation; to be called again from `next` while that is not null. */
export const step = defineStep('drill-references', v.strictObject({ run: restoreRun, from }), drilling(linkReferences));
