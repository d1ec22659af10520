import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type StepFile, stepName } from '../../functions/step-list.ts';
import type { Answer, FunctionError, Invocation } from './function-process.ts';

/** What happens to an invocation that is not simply carried out. */
export type Trouble =
  /** Too many run already: it is not carried out. */
  | 'throttled'
  /** It is carried out, and cut off after a second. */
  | 'timed out'
  /** It is carried out, and finds no time left: it hands back as soon as it may. */
  | 'short of time';

interface DeployedFunction {
  readonly step: string;
  readonly variables: Readonly<Record<string, string>>;
}

const allTheTime = 15 * 60_000;

/** What Lambda puts into a function's environment, and where an emulator's function finds AWS. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name === 'PATH' || name.startsWith('AWS_')),
);

/**
 * Lambda's Invoke over HTTP for the functions of a stack: the bundles that were deployed, in processes of their own with the
 * environment that the stack gives them. Unlike the emulator's it hands on the names of errors, and it can be told what
 * else may happen to an invocation.
 */
export class FunctionHost {
  /** Names of steps, in the order of their invocations. */
  readonly invoked: string[] = [];
  readonly #bundles: string;
  /** The emulator, which knows the functions. */
  readonly #deployed = new LambdaClient({ endpoint: process.env.AWS_ENDPOINT_URL ?? '' });
  readonly #functions = new Map<string, Promise<DeployedFunction>>();
  readonly #addresses = new Map<string, string>();
  readonly #troubles = new Map<string, Trouble[]>();
  readonly #idle = new Map<string, ChildProcess[]>();
  readonly #all = new Set<ChildProcess>();
  readonly #server: Server;

  constructor(bundles: string) {
    this.#bundles = bundles;
    this.#server = createServer(async (request, response) => {
      const { status, headers, body } = await this.#answer(request.url ?? '', await text(request));
      const always = { 'Content-Type': 'application/json', 'x-amzn-RequestId': crypto.randomUUID() };
      response.writeHead(status, { ...always, ...headers }).end(body);
    });
  }

  /** Where `AWS_ENDPOINT_URL_LAMBDA` says. */
  async listen(): Promise<void> {
    const { hostname, port } = new URL(process.env.AWS_ENDPOINT_URL_LAMBDA ?? '');
    this.#server.listen(Number(port), hostname);
    await once(this.#server, 'listening');
  }

  /** What happens to the next invocations of a step, one each. */
  expect(file: StepFile, ...troubles: readonly Trouble[]): void {
    this.#troubles.set(stepName(file), [...troubles]);
  }

  invocationsOf(file: StepFile): number {
    return this.invoked.filter((step) => step === stepName(file)).length;
  }

  /** The address of a step's function, once that was invoked. */
  addressOf(file: StepFile): string {
    return this.#addresses.get(stepName(file)) ?? `${file} was not invoked`;
  }

  close(): void {
    for (const child of this.#all) child.kill();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(
    url: string,
    body: string,
  ): Promise<{ status: number; headers?: Record<string, string>; body: string }> {
    const name = decodeURIComponent(/\/functions\/([^/]+)\/invocations/.exec(url)?.[1] ?? '');
    const deployed = await this.#deployedFunction(name);
    this.invoked.push(deployed.step);
    this.#addresses.set(deployed.step, name);
    const trouble = this.#troubles.get(deployed.step)?.shift();
    if (trouble === 'throttled') {
      const Reason = 'ReservedFunctionConcurrentInvocationLimitExceeded';
      return {
        status: 429,
        headers: { 'x-amzn-ErrorType': 'TooManyRequestsException' },
        body: JSON.stringify({ Reason, Type: 'User', message: 'Rate Exceeded.' }),
      };
    }
    const answer = await this.#invoke(deployed, JSON.parse(body), trouble);
    if ('output' in answer) return { status: 200, body: JSON.stringify(answer.output) };
    return { status: 200, headers: { 'X-Amz-Function-Error': 'Unhandled' }, body: JSON.stringify(answer.error) };
  }

  #deployedFunction(name: string): Promise<DeployedFunction> {
    const found = this.#functions.get(name) ?? this.#find(name);
    this.#functions.set(name, found);
    return found;
  }

  /** The stack describes a function by its step's file. */
  async #find(name: string): Promise<DeployedFunction> {
    const answer = await this.#deployed.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    const [file = ''] = (answer.Description ?? '').split(' ');
    return { step: stepName(file as StepFile), variables: answer.Environment?.Variables ?? {} };
  }

  async #invoke(deployed: DeployedFunction, payload: unknown, trouble: Trouble | undefined): Promise<Answer> {
    const child = this.#idle.get(deployed.step)?.pop() ?? (await this.#start(deployed));
    const requestId = crypto.randomUUID();
    const remainingMilliseconds = trouble === 'short of time' ? 0 : allTheTime;
    child.send({ payload, requestId, remainingMilliseconds } satisfies Invocation);
    if (trouble === 'timed out') {
      await sleep(1000);
      child.kill('SIGKILL');
      return { error: timedOut(requestId) };
    }
    const answer = await answerOf(child);
    if (child.exitCode === null) this.#idle.set(deployed.step, [...(this.#idle.get(deployed.step) ?? []), child]);
    return answer;
  }

  async #start({ step, variables }: DeployedFunction): Promise<ChildProcess> {
    const child = fork(join(import.meta.dirname, 'function-process.ts'), [join(this.#bundles, step, 'index.mjs')], {
      env: { ...environment, ...variables },
      execArgv: [],
      // Its log is Lambda's own matter.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#all.add(child);
    child.once('exit', () => this.#all.delete(child));
    await answerOf(child);
    return child;
  }
}

function answerOf(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve) => {
    const onExit = () => resolve({ error: { errorType: 'Runtime.ExitError', errorMessage: 'Error: Runtime exited' } });
    child.once('exit', onExit);
    child.once('message', (answer) => {
      child.off('exit', onExit);
      resolve(answer as Answer);
    });
  });
}

const timedOut = (requestId: string): FunctionError => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.00 seconds`,
});
