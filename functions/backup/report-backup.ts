import * as v from 'valibot';
import { reportBackup } from '../../core/report/report-backup.ts';
import { backupPage } from '../../pages/report/backup-page.ts';
import { run } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Writes `report.html`. */
export const step = defineStep('report-backup', v.strictObject({ run }), (services, input) =>
  reportBackup(services, input, backupPage),
);
