import * as v from 'valibot';
import { exportIssueLinks } from '../../core/backup/issue-links/export-issue-links.ts';
import { run } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Stores which issues hold which objects. */
export const step = defineStep('export-issue-links', v.strictObject({ run }), exportIssueLinks);
