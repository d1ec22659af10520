import { counted } from '../counted.ts';
import type { CameLater, ChangedValues, LinkedAgain } from '../model/restore.ts';

/** `306 references of 214 objects that are there will lead to what is made anew`; once that is done, they `lead` there. */
export function linkedTitle({ references, objects }: LinkedAgain, isDone: boolean): string {
  const are = objects === 1 ? 'is' : 'are';
  const lead = !isDone ? 'will lead' : references === 1 ? 'leads' : 'lead';
  return `${counted(references, 'reference')} of ${counted(objects, 'object')} that ${are} there ${lead} to what is made anew`;
}

/** A line for each schema. */
export function linkedLines({ schemas }: LinkedAgain): string[] {
  return schemas.map(
    ({ key, references, objects }) => `${key}: ${counted(references, 'reference')} of ${counted(objects, 'object')}`,
  );
}

/** `2 values of 2 objects differ from the backup and stay as they are`: each attribute of an object counts as one. */
export function changedTitle({ attributes, objects }: ChangedValues): string {
  const differ =
    attributes === 1 ? 'differs from the backup and stays as it is' : 'differ from the backup and stay as they are';
  return `${counted(attributes, 'value')} of ${counted(objects, 'object')} ${differ}`;
}

/** `2 values of 2 objects that are there would be overwritten`, likewise; they `were` once that is done. */
export function overwrittenTitle({ attributes, objects }: ChangedValues, how: 'would' | 'were'): string {
  const are = objects === 1 ? 'is' : 'are';
  const done = how === 'would' ? 'would be' : attributes === 1 ? 'was' : 'were';
  return `${counted(attributes, 'value')} of ${counted(objects, 'object')} that ${are} there ${done} overwritten`;
}

/** `3 objects came after the backup and stay as they are`. */
export function cameLaterTitle({ objects }: CameLater): string {
  return `${counted(objects, 'object')} came after the backup and ${objects === 1 ? 'stays as it is' : 'stay as they are'}`;
}

/** A line for each type, the most first. */
export function cameLaterLines({ types }: CameLater): string[] {
  return types.map(({ where, objects }) => `${where}: ${counted(objects, 'object')}`);
}

/** A line for each type and attribute, the most first. */
export function changedLines({ places }: ChangedValues): string[] {
  return places.map(({ where, objects }) => `${where} of ${counted(objects, 'object')}`);
}
