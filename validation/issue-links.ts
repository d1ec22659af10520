import * as v from 'valibot';
import { saying } from './checked.ts';

/** `issueLinks`, in the settings of a stack and in those of a folder: whether a backup reads which issues hold which objects. */
export const issueLinksSetting = v.optional(saying('must be true or false', v.boolean()), false);
