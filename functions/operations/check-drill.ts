import * as v from 'valibot';
import { checkDrill } from '../../core/operations/check-drill.ts';
import { defineStep } from '../runtime/step.ts';

/** Finds out before the first drill whether one could begin; no state of a machine. */
export const step = defineStep('check-drill', v.looseObject({}), checkDrill);
