import { isRecord, type Json } from '../model/json.ts';

/** The sentence in an error's cause: Lambda gives `{"errorType", "errorMessage", "trace"}` as text, Step Functions plain text. */
export function causeMessage(cause: string): string {
  try {
    const value = JSON.parse(cause) as Json;
    if (isRecord(value) && typeof value.errorMessage === 'string') return value.errorMessage;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error; // Plain text.
  }
  return cause;
}
