import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { optionalOutputs, stackOutputs } from '../../functions/environment.ts';
import type { MachineName } from '../../functions/step-list.ts';

export const stackName = 'assets-backup';
const account = '123456789012';
const region = 'eu-central-1';
const arnOf = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;

/** One look at an execution: each DescribeExecution shows the next one, and the last one for ever. */
export interface Look {
  readonly status?: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** The state that runs. */
  readonly state?: string;
  /** By the map's label: items, and how many of them are done. */
  readonly maps?: Readonly<Record<string, readonly [total: number, done: number]>>;
  readonly output?: object;
  readonly error?: string;
  readonly cause?: string;
}

export interface PretendExecution {
  readonly executionArn: string;
  readonly name: string;
  readonly machine: MachineName;
  readonly startDate: Date;
  readonly input: string;
  readonly script: readonly Look[];
  looks: number;
}

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
}

const machineOutputs: Readonly<Record<MachineName, string>> = {
  backup: stackOutputs.backupMachine,
  restore: stackOutputs.restoreMachine,
  drill: optionalOutputs.drillMachine,
};

type Fields = Readonly<Record<string, unknown>>;
type Operation = (input: Fields) => object;

/**
 * A stack of ours in a pretend AWS: CloudFormation (query, XML), Step Functions (JSON 1.0), Secrets Manager (JSON 1.1), EventBridge
 * Scheduler and Lambda (REST, JSON), with the shapes that AWS documents. S3 is pretended elsewhere.
 */
export class PretendAws {
  outputs: Record<string, string> = {
    [stackOutputs.version]: '0.1.0',
    [stackOutputs.backupsBucket]: 'assets-backup-backups',
    [stackOutputs.workBucket]: 'assets-backup-work',
    [stackOutputs.backupMachine]: arnOf('states', 'stateMachine:Backup'),
    [stackOutputs.restoreMachine]: arnOf('states', 'stateMachine:Restore'),
    [stackOutputs.backupSecret]: arnOf('secretsmanager', 'secret:BackupSecret-a1b2c3'),
    [stackOutputs.restoreSecret]: arnOf('secretsmanager', 'secret:RestoreSecret-d4e5f6'),
    [stackOutputs.checkSetupFunction]: 'assets-backup-CheckSetup',
    [stackOutputs.diffFunction]: 'assets-backup-DiffWithSite',
    [stackOutputs.schedule]: 'assets-backup-nightly',
    [optionalOutputs.alarmTopic]: arnOf('sns', `${stackName}-AlarmTopicD01E77F9-a1B2`),
  };
  /** What a topic's subscriptions have for their ARN, page by page. */
  subscriptions: readonly (readonly string[])[] = [[arnOf('sns', 'alarms:0a1b2c3d')]];
  stackStatus = 'CREATE_COMPLETE';
  readonly executions: PretendExecution[] = [];
  /** What the next execution of each machine will do, and when it says that it was started. */
  readonly scripts: Record<MachineName, readonly Look[]> = { backup: [{}], restore: [{}], drill: [{}] };
  startsAt: Date = new Date();
  readonly definitions: Record<MachineName, string> = { backup: '{}', restore: '{}', drill: '{}' };
  readonly secrets = new Map<string, string>();
  schedule = {
    State: 'ENABLED',
    ScheduleExpression: 'cron(0 2 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    Target: {
      Arn: arnOf('states', 'stateMachine:Backup'),
      RoleArn: arnOf('iam', 'role/clock'),
      Input: JSON.stringify({ scheduledTime: '<aws.scheduler.scheduled-time>' }),
    },
  };
  drillSchedule = {
    State: 'ENABLED',
    ScheduleExpression: 'cron(0 12 ? * SAT *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    Target: {
      Arn: arnOf('states', 'stateMachine:Drill'),
      RoleArn: arnOf('iam', 'role/clock'),
      Input: JSON.stringify({ scheduledTime: '<aws.scheduler.scheduled-time>' }),
    },
  };
  /** Of the function that tries the drill's login. */
  drillAnswer: object = { ok: true, checks: [] };
  /** Of the function behind `doctor`. */
  checkAnswer: object = { ok: true, checks: [] };
  checkFails = false;
  /** What any function answers. */
  invoked: () => object = () => this.checkAnswer;
  /** Access keys that requests were signed with. */
  readonly keys = new Set<string>();
  /** For which services they were signed, as `eu-central-1/sns`. */
  readonly scopes = new Set<string>();
  readonly requests: { readonly operation: string; readonly input: Fields }[] = [];
  /** Answers in the place of an operation where it gives one. */
  fault: (operation: string) => Fault | undefined = () => undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => response.destroy(error));
    });
  }

  static async start(): Promise<PretendAws> {
    const aws = new PretendAws();
    await new Promise<void>((resolve) => aws.#server.listen(0, '127.0.0.1', resolve));
    return aws;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** An execution that somebody else has started. */
  begin(machine: MachineName, script: readonly Look[], { input = '{}', name = randomUUID() as string } = {}) {
    const prefix = this.#machineArn(machine).replace(':stateMachine:', ':execution:');
    const execution: PretendExecution = {
      executionArn: `${prefix}:${name}`,
      name,
      machine,
      startDate: this.startsAt,
      input,
      script,
      looks: 0,
    };
    this.executions.push(execution);
    return execution;
  }

  inputsOf(operation: string): Fields[] {
    return this.requests.filter((request) => request.operation === operation).map(({ input }) => input);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const { operation, input, isQuery } = requestOf(request, body);
    this.requests.push({ operation, input });
    const [, key = '', scope = ''] =
      /Credential=(\w+)\/\d+\/([\w-]+\/[\w-]+)\/aws4_request/.exec(request.headers.authorization ?? '') ?? [];
    this.keys.add(key);
    this.scopes.add(scope);
    const fault = this.fault(operation);
    if (fault) return refuse(response, fault, isQuery);
    const carryOut = this.#operations[operation];
    if (!carryOut) return refuse(response, { code: 'UnknownOperationException', message: operation }, isQuery);
    try {
      const answer = carryOut(input);
      const hasFailed = 'errorType' in answer || this.checkFails;
      const headers = operation === 'Invoke' && hasFailed ? { 'x-amz-function-error': 'Unhandled' } : {};
      response.writeHead(200, { 'content-type': isQuery ? 'text/xml' : 'application/x-amz-json-1.0', ...headers });
      response.end('xml' in answer ? answer.xml : JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refuse(response, error.fault, isQuery);
    }
  }

  readonly #operations: Readonly<Record<string, Operation>> = {
    DescribeStacks: ({ StackName }) => {
      if (StackName !== stackName) {
        throw new Refusal({ code: 'ValidationError', message: `Stack with id ${StackName} does not exist` });
      }
      const outputs = Object.entries(this.outputs).map(
        ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
      );
      return {
        xml: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>${stackName}</StackName><StackId>${arnOf('cloudformation', `stack/${stackName}/1`)}</StackId><CreationTime>2026-11-01T00:00:00.000Z</CreationTime><StackStatus>${this.stackStatus}</StackStatus><Outputs>${outputs.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      };
    },

    StartExecution: ({ stateMachineArn, name, input }) => {
      const machine = this.#machineOf(stateMachineArn);
      const given = { input: String(input), name: String(name) };
      const { executionArn, startDate } =
        this.executions.find((execution) => execution.name === name && execution.input === input) ??
        this.begin(machine, this.scripts[machine], given);
      return { executionArn, startDate: seconds(startDate) };
    },
    DescribeExecution: ({ executionArn }) => {
      const execution = this.#execution(executionArn);
      execution.looks += 1;
      const { machine, name, startDate, input } = execution;
      const { status = 'RUNNING', output, error, cause } = lookOf(execution);
      return {
        executionArn,
        stateMachineArn: this.#machineArn(machine),
        name,
        status,
        startDate: seconds(startDate),
        input,
        ...(status !== 'RUNNING' && { stopDate: seconds(startDate) + 754 }),
        ...(output && { output: JSON.stringify(output) }),
        ...(error && { error }),
        ...(cause && { cause }),
      };
    },
    ListExecutions: ({ stateMachineArn, statusFilter, maxResults }) => {
      const executions = this.executions
        .filter(({ machine }) => this.#machineArn(machine) === stateMachineArn)
        .map((execution) => {
          const { executionArn, name, startDate } = execution;
          const { status = 'RUNNING' } = lookOf(execution);
          return { executionArn, name, stateMachineArn, status, startDate: seconds(startDate) };
        })
        .filter(({ status }) => statusFilter === undefined || status === statusFilter)
        .toSorted((one, other) => other.startDate - one.startDate);
      return { executions: executions.slice(0, Number(maxResults)) };
    },
    ListMapRuns: ({ executionArn }) => {
      const execution = this.#execution(executionArn);
      const mapRuns = Object.keys(lookOf(execution).maps ?? {}).map((label) => ({
        executionArn,
        mapRunArn: mapRunArn(label, execution),
        stateMachineArn: this.#machineArn('backup'),
        startDate: seconds(this.startsAt),
      }));
      return { mapRuns };
    },
    DescribeMapRun: ({ mapRunArn }) => {
      const [, label = '', name = ''] = /mapRun:Backup\/(\w+):(.+)$/.exec(String(mapRunArn)) ?? [];
      const execution = this.executions.find((known) => known.name === name);
      const [total, done] = (execution && lookOf(execution).maps?.[label]) ?? [0, 0];
      const none = { failed: 0, timedOut: 0, aborted: 0, resultsWritten: 0 };
      const counts = { ...none, pending: 0, running: total - done, succeeded: done, total };
      return {
        mapRunArn,
        executionArn: execution?.executionArn,
        status: done === total ? 'SUCCEEDED' : 'RUNNING',
        startDate: seconds(this.startsAt),
        ...(done === total && { stopDate: seconds(this.startsAt) + 60 }),
        maxConcurrency: 2,
        toleratedFailurePercentage: 0,
        toleratedFailureCount: 0,
        itemCounts: counts,
        executionCounts: counts,
      };
    },
    GetExecutionHistory: ({ executionArn }) => {
      const { state } = lookOf(this.#execution(executionArn));
      const timestamp = seconds(this.startsAt);
      const entered = { timestamp, type: 'TaskStateEntered', id: 7, stateEnteredEventDetails: { name: state } };
      const events = [
        { timestamp, type: 'TaskStarted', id: 9 },
        { timestamp, type: 'TaskScheduled', id: 8 },
        ...(state === undefined ? [] : [entered]),
        { timestamp, type: 'ChoiceStateEntered', id: 5, stateEnteredEventDetails: { name: 'Any schemas?' } },
      ];
      return { events: events.map((event) => ({ previousEventId: event.id - 1, ...event })) };
    },
    DescribeStateMachine: ({ stateMachineArn }) => {
      const machine = this.#machineOf(stateMachineArn);
      return {
        stateMachineArn,
        name: machine,
        status: 'ACTIVE',
        type: 'STANDARD',
        roleArn: arnOf('iam', `role/${machine}`),
        creationDate: seconds(this.startsAt),
        definition: this.definitions[machine],
      };
    },

    DescribeSecret: ({ SecretId }) => ({
      ARN: SecretId,
      Name: SecretId,
      ...(this.secrets.has(String(SecretId)) && { VersionIdsToStages: { [randomUUID()]: ['AWSCURRENT'] } }),
    }),
    PutSecretValue: ({ SecretId, SecretString }) => {
      this.secrets.set(String(SecretId), String(SecretString));
      return { ARN: SecretId, Name: SecretId, VersionId: randomUUID(), VersionStages: ['AWSCURRENT'] };
    },

    ListSubscriptionsByTopic: ({ TopicArn, NextToken = '0' }) => {
      const page = Number(NextToken);
      const members = (this.subscriptions[page] ?? []).map(
        (arn) =>
          `<member><TopicArn>${TopicArn}</TopicArn><Protocol>email</Protocol><SubscriptionArn>${arn}</SubscriptionArn><Owner>${account}</Owner><Endpoint>operator@example.com</Endpoint></member>`,
      );
      const next = page + 1 < this.subscriptions.length ? `<NextToken>${page + 1}</NextToken>` : '';
      return {
        xml: `<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListSubscriptionsByTopicResult><Subscriptions>${members.join('')}</Subscriptions>${next}</ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`,
      };
    },

    GetSchedule: ({ Name }) => ({
      Arn: arnOf('scheduler', `schedule/default/${Name}`),
      Name,
      GroupName: 'default',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ...(Name === this.outputs[stackOutputs.schedule] ? this.schedule : this.drillSchedule),
    }),
    Invoke: ({ FunctionName }) =>
      FunctionName === this.outputs[optionalOutputs.checkDrillFunction] ? this.drillAnswer : this.invoked(),
  };

  /** Adds what a stack has of which drills are made. */
  makeDrills(): void {
    Object.assign(this.outputs, {
      [optionalOutputs.drillMachine]: arnOf('states', 'stateMachine:Drill'),
      [optionalOutputs.drillSecret]: arnOf('secretsmanager', 'secret:DrillSecret-0a1b2c'),
      [optionalOutputs.drillSchedule]: 'assets-backup-drills',
      [optionalOutputs.checkDrillFunction]: 'assets-backup-CheckDrill',
    });
  }

  #machineArn(machine: MachineName): string {
    return this.outputs[machineOutputs[machine]] ?? 'none';
  }

  #machineOf(arn: unknown): MachineName {
    const names = Object.keys(machineOutputs) as MachineName[];
    return names.find((machine) => this.#machineArn(machine) === arn) ?? 'restore';
  }

  #execution(arn: unknown): PretendExecution {
    const execution = this.executions.find(({ executionArn }) => executionArn === arn);
    if (execution) return execution;
    throw new Refusal({ code: 'ExecutionDoesNotExist', message: `Execution Does Not Exist: '${arn}'` });
  }
}

class Refusal extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** AWS: `arn:aws:states:<region>:<account>:mapRun:<machine>/<label>:<id>`. Here the id is the execution's name. */
function mapRunArn(label: string, { name }: PretendExecution): string {
  return arnOf('states', `mapRun:Backup/${label}:${name}`);
}

function lookOf({ script, looks }: PretendExecution): Look {
  return script[Math.min(Math.max(looks, 1), script.length) - 1] ?? {};
}

const seconds = (date: Date) => date.getTime() / 1000;

/** Which operation of which service is asked, by what each protocol puts where. */
function requestOf(request: IncomingMessage, body: string) {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    return { operation: target.split('.').at(-1) ?? '', input: JSON.parse(body) as Fields, isQuery: false };
  }
  const [, schedule] = /^\/schedules\/([^/?]+)/.exec(request.url ?? '') ?? [];
  if (schedule) return { operation: 'GetSchedule', input: { Name: decodeURIComponent(schedule) }, isQuery: false };
  const [, called] = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(request.url ?? '') ?? [];
  if (called) {
    const payload = JSON.parse(body || '{}') as object;
    const Payload = Object.keys(payload).length > 0 ? { Payload: payload } : {};
    return { operation: 'Invoke', input: { FunctionName: decodeURIComponent(called), ...Payload }, isQuery: false };
  }
  const input = Object.fromEntries(new URLSearchParams(body));
  return { operation: String(input.Action), input, isQuery: true };
}

function refuse(response: ServerResponse, { code, message, status = 400 }: Fault, isQuery: boolean): void {
  response.writeHead(status, {
    'content-type': isQuery ? 'text/xml' : 'application/x-amz-json-1.0',
    'x-amzn-errortype': code,
  });
  response.end(
    isQuery
      ? `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`
      : JSON.stringify({ __type: code, message }),
  );
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces).toString();
}
