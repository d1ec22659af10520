import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output/output.ts';

/** How a look into a backup ends: what could be read was shown, and 13 goes with each word about damage. */
export function damageEnding(output: Output, sentences: readonly (string | null)[]): ExitCode {
  const damage = damageTold(sentences);
  for (const sentence of damage) output.warn(sentence);
  return damage.length > 0 ? 13 : 0;
}

/** The same for a document. */
export const damageField = (sentences: readonly (string | null)[]) => {
  const damage = damageTold(sentences);
  return damage.length > 0 ? { damage } : {};
};

const damageTold = (sentences: readonly (string | null)[]) => [
  ...new Set(sentences.filter((sentence) => sentence !== null)),
];
