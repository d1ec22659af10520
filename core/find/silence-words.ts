import { counted, readableCount } from '../counted.ts';
import type { SiteFinds } from './found.ts';
import type { Silence } from './night.ts';

const silenceWords: Readonly<Record<Silence, string>> = {
  'not made of it': 'not made of',
  partial: 'partial in',
  hidden: 'made by an account that does not see all of',
  damaged: 'damaged in',
};

/** `2026-11-23_02-00-00: not made of HR`: of what backups say nothing, and why. */
export function silenceSentence({ why, schemas, backups }: SiteFinds['silences'][number]): string {
  const which = backups.length === 1 ? backups[0] : `${counted(backups.length, 'backup')}, ${excerpt(backups)}`;
  return `${which}: ${silenceWords[why]} ${excerpt(schemas)}`;
}

/** The first names of a list that may be long. */
export function excerpt(names: readonly string[]): string {
  const rest = names.length - 3;
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${readableCount(rest)} more`;
}
