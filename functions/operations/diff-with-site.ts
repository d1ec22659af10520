import * as v from 'valibot';
import { diffWithSite, type SiteDiffRequest } from '../../core/diff/diff-with-site.ts';
import { defineStep } from '../runtime/step.ts';

/** Compares a backup with its site; to be called again from `next` while that is not null. No state of a machine. */
export const step = defineStep(
  'diff-with-site',
  v.pipe(
    v.looseObject({ diff: v.string(), backup: v.string() }),
    v.transform((value) => value as unknown as SiteDiffRequest),
  ),
  diffWithSite,
);
