import * as v from 'valibot';
import { isRecord } from '../../core/model/json.ts';
import type { UndoChoices } from '../../core/model/restore.ts';
import { checkedInput, filledText, inputFields, yesOrNo } from './input-messages.ts';
import { planHash } from './restore-choices.ts';

/** Whether an input of the restore's machine asks for an undo, however wrong it is otherwise. */
export function isUndoInput(input: unknown): boolean {
  return isRecord(input) && Object.hasOwn(input, 'undo');
}

/** An undo's input with every default filled in. Throws WrongInputError with all that is wrong, in one sentence. */
export function parseUndoInput(input: unknown): UndoChoices {
  return checkedInput('undo', undoInput, input);
}

const undoInput = inputFields('undo', {
  undo: filledText,
  dryRun: yesOrNo(false),
  approve: v.optional(v.nullable(planHash), null),
});
