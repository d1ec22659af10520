import { pathToFileURL } from 'node:url';

/**
 * A function's container: loads the bundle that was deployed, and calls its handler as Lambda does, once a message. What is
 * thrown becomes what Lambda makes of it: `errorType` is the error's name.
 */
export interface Invocation {
  readonly payload: unknown;
  readonly requestId: string;
  readonly remainingMilliseconds: number;
}

/** What Lambda answers: the handler's output, or its error. */
export type Answer = { readonly output: unknown } | { readonly error: FunctionError };

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

const [bundle = ''] = process.argv.slice(2);
const { handler } = await import(pathToFileURL(bundle).href);

process.on('message', async ({ payload, requestId, remainingMilliseconds }: Invocation) => {
  const endsAt = Date.now() + remainingMilliseconds;
  const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => Math.max(0, endsAt - Date.now()) };
  process.send?.(await answerOf(() => handler(payload, context)));
});
process.send?.('ready');

async function answerOf(handle: () => Promise<unknown>): Promise<Answer> {
  try {
    return { output: await handle() };
  } catch (error) {
    const { name, message, stack = '' } = error as Error;
    return { error: { errorType: name, errorMessage: message, trace: stack.split('\n') } };
  }
}
