import * as v from 'valibot';
import { saying } from './checked.ts';

/** `hardLinks`, in the settings of a folder: a bucket has no links. */
export const hardLinksSetting = v.optional(saying('must be true or false', v.boolean()), false);
