import * as v from 'valibot';
import { checkLastBackup } from '../../core/operations/check-last-backup.ts';
import { checkLastDrill } from '../../core/operations/check-last-drill.ts';
import { defineStep } from '../runtime/step.ts';

/**
 * Says every hour how old the newest backup is, and then the last drill that passed; no state of a machine. What a clock puts into its
 * input does not matter.
 */
export const step = defineStep('check-last-backup', v.looseObject({}), async (services) => {
  const backup = await checkLastBackup(services);
  const drill = await checkLastDrill(services);
  return drill ? { ...backup, drill } : backup;
});
