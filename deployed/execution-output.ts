import * as v from 'valibot';
import type { Execution } from './executions.ts';

const record = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

/** The fields of a succeeded execution's output; none where AWS does not give it, or it is no object. */
export function outputOf({ output }: Execution): Readonly<Record<string, unknown>> {
  const parsed = v.safeParse(record, output);
  return parsed.success ? parsed.output : {};
}
