import type { BackupAnswer } from '../answers.ts';

/** Whether any of its lists that are read before all else is damaged. */
export const isDamaged = ({ damage, schemas }: BackupAnswer) =>
  damage.length > 0 || schemas.some((schema) => schema.damage !== null);

/** Whether a restore takes it without being told to take what is whole. */
export const isWhole = (answer: BackupAnswer) => answer.summary.status !== 'partial' && !isDamaged(answer);
