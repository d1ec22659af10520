import type { ItemKind, Loss } from '../../core/model/restore.ts';
import { counted } from './readable.ts';

/** One and many of each kind of thing, for people. */
export const kindWords: Readonly<Record<ItemKind, readonly [one: string, many: string]>> = {
  schema: ['schema', 'schemas'],
  'status-type': ['status type', 'status types'],
  'reference-type': ['reference type', 'reference types'],
  icon: ['icon', 'icons'],
  'object-type': ['object type', 'object types'],
  attribute: ['attribute', 'attributes'],
  object: ['object', 'objects'],
  comment: ['comment', 'comments'],
};

/** `ASSETS` of one that keeps its key, else `ASSETS → ASSETS_IMP`. */
export function schemaMove({ from, to }: { readonly from: string; readonly to: string }): string {
  return from === to ? from : `${from} → ${to}`;
}

/** `ITSM-88, Owner (2 values): reason`; of a whole thing `ITSM-88 (object): reason`. */
export function lossLine({ kind, where, attribute, values, reason }: Loss): string {
  return attribute === undefined
    ? `${where} (${kindWords[kind][0]}): ${reason}`
    : `${where}, ${attribute} (${counted(values, 'value')}): ${reason}`;
}

/** How many losses and the like are shown; files hold all of them. */
export const shownLosses = 10;
export const shownNotices = 20;
