import * as v from 'valibot';
import { mayNameBackup } from '../../core/backup-format/keys.ts';
import { diffWithSite } from '../../core/diff/diff-with-site.ts';
import { margin } from '../../core/runs/deadline.ts';
import { defineStep } from '../runtime/step.ts';

/** A connection that waits for an answer lasts some minutes at most, so each invocation says after one how far it has come. */
const oneAnswer = 60_000;

const text = v.pipe(v.string(), v.minLength(1));

/** Compares a backup with its site; to be called again from `next` while that is not null. No state of a machine. */
export const step = defineStep(
  'diff-with-site',
  v.strictObject({
    diff: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'must be a name of letters, digits, _ and -')),
    backup: v.pipe(v.string(), v.check(mayNameBackup, 'must be the name of a backup')),
    filters: v.strictObject({
      schemas: v.exactOptional(v.pipe(v.array(text), v.minLength(1))),
      type: v.exactOptional(text),
      object: v.exactOptional(text),
      attribute: v.exactOptional(text),
    }),
    from: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
  (services, request) => {
    const until = services.clock.now() + oneAnswer + margin;
    const remainingMilliseconds = () => Math.min(services.remainingMilliseconds(), until - services.clock.now());
    return diffWithSite({ ...services, remainingMilliseconds }, request);
  },
);
