import { isRecord } from '../../core/model/json.ts';
import type { RelinkChoices } from '../../core/model/restore.ts';
import { checkedInput, filledText, inputFields, yesOrNo } from './input-messages.ts';

/** Whether an input of the restore's machine asks that issues alone be linked again, however wrong it is otherwise. */
export function isRelinkInput(input: unknown): boolean {
  return isRecord(input) && Object.hasOwn(input, 'relink');
}

/** Such an input with every default filled in. Throws WrongInputError with all that is wrong, in one sentence. */
export function parseRelinkInput(input: unknown): RelinkChoices {
  return checkedInput('relink', relinkInput, input);
}

const relinkInput = inputFields('relink', { relink: filledText, dryRun: yesOrNo(false) });
