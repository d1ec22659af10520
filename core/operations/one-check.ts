import { messageOf, nameOf } from '../errors.ts';

/** One thing that has to be so before the first night. No text of it holds a token or an object's value. */
export interface SetupCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, in a sentence. */
  readonly detail: string;
  /** What to do about it. Beside an `ok` too, where a person has to say whether it is meant so. */
  readonly remedy: string | null;
}

/** What a check found: a sentence, with a remedy where it may be meant so or not. */
export type Found = string | { readonly detail: string; readonly remedy: string };

/** Does one check, which fails where `work` throws. `remedies` are by the error's name; of any other error it is `otherwise`. */
export async function check(
  name: string,
  work: () => Promise<Found>,
  { otherwise, remedies = {} }: { otherwise: string; remedies?: Readonly<Record<string, string>> },
): Promise<SetupCheck> {
  try {
    const found = await work();
    return typeof found === 'string' ? { name, ok: true, detail: found, remedy: null } : { name, ok: true, ...found };
  } catch (error) {
    return { name, ok: false, detail: messageOf(error), remedy: remedies[nameOf(error)] ?? otherwise };
  }
}

/** A check that depends on another one, which failed. */
export function notChecked(name: string, because: string): SetupCheck {
  return { name, ok: false, detail: `Not checked, because ${because}.`, remedy: null };
}
