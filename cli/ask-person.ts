import { createInterface } from 'node:readline/promises';
import { InterruptedError, nameOf } from '../core/errors.ts';
import { harmlessLines } from '../core/harmless.ts';
import type { Ask, CommandLineIo } from './command-line-io.ts';

/** Asks a question. Ctrl-C while it stands, and the end of stdin, throw InterruptedError. */
export async function askPerson(
  ask: Ask,
  question: string,
  onStopSignals: CommandLineIo['onStopSignals'],
): Promise<string> {
  const answer = await answerOf(ask, question, onStopSignals);
  if (answer === undefined) throw new InterruptedError('Interrupted. Nothing was started.');
  return answer;
}

/** Asks whether to go on. Anything but a yes is a no, the end of stdin too; Ctrl-C throws InterruptedError. */
export async function confirm(
  ask: Ask,
  question: string,
  onStopSignals: CommandLineIo['onStopSignals'],
): Promise<boolean> {
  let isInterrupted = false;
  const answer = await answerOf(ask, question, (listeners) =>
    onStopSignals({
      ...listeners,
      stop: (reason) => {
        isInterrupted = true;
        listeners.stop(reason);
      },
    }),
  );
  if (isInterrupted) throw new InterruptedError('Interrupted. Nothing was written.');
  return /^\s*y(es)?\s*$/i.test(answer ?? '');
}

/** Undefined where nothing was answered. */
async function answerOf(
  ask: Ask,
  question: string,
  onStopSignals: CommandLineIo['onStopSignals'],
): Promise<string | undefined> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const stopListening = onStopSignals({ stop, quit: stop });
  try {
    return await ask(harmlessLines(question), controller.signal);
  } catch (error) {
    if (interruptions.includes(nameOf(error))) return undefined;
    throw error;
  } finally {
    stopListening();
  }
}

/** Of the prompt for secrets, and of Node's own. */
const interruptions = ['ExitPromptError', 'AbortPromptError', 'AbortError'];

/** Asks on stderr, and reads a line of stdin as it is typed. The end of stdin is an interruption. */
export async function askLine(question: string, signal: AbortSignal): Promise<string> {
  const ended = new AbortController();
  // No terminal of its own: otherwise Ctrl-C would not reach the process.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  lines.once('close', () => ended.abort());
  try {
    return await lines.question(`${question} `, { signal: AbortSignal.any([signal, ended.signal]) });
  } finally {
    lines.close();
  }
}
