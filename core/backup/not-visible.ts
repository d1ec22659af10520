import { counted } from '../counted.ts';
import type { Gap, HiddenThings } from '../model/outcome.ts';

/** A gap of what the site counts and this account does not see, though it was counted again. */
export function notVisible(
  hidden: HiddenThings,
  { where, told, ...place }: { where: string; told: string; schemaKey: string; objectTypeId?: string },
): Gap {
  const { number, of } = hidden;
  return {
    kind: 'not-visible',
    what: `${counted(number, of === 'objects' ? 'object' : 'object type')} of ${where}`,
    error: 'NotVisible',
    reason: `${told}. The likely cause are roles of an object type, which override the schema's: give the account one that sees all, or say that it is meant so (assets-backup accept).`,
    hidden,
    ...place,
  };
}
