import * as v from 'valibot';
import { saying } from './checked.ts';

const text = saying('must be text', v.string());

/** By these one logs in to a site. They stand in its settings, and in the configuration files of the original scripts. */
export const login = { siteName: text, username: v.optional(text), apiToken: v.optional(text) };

export const loginFields: readonly string[] = Object.keys(login);
