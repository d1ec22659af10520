import * as v from 'valibot';
import { checkSetup } from '../../core/operations/check-setup.ts';
import { stackWords } from '../../core/operations/setup-words.ts';
import { defineStep } from '../runtime/step.ts';

/** Finds out before the first night whether a backup would go through; no state of a machine. */
export const step = defineStep('check-setup', v.looseObject({}), (services) => checkSetup(services, stackWords()));
