import type { Reporter } from '../../core/ports/reporter.ts';

/** What is shown on a terminal is not part of what is measured. */
export const silentReporter: Reporter = { planned() {}, advanced() {}, requested() {}, event() {} };
