import type { RestoreResult } from '../core/model/restore.ts';
import { confirm } from './ask-person.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { wrapped } from './output/wrapped.ts';
import { type Ending, type PlacedRun, runCommand } from './run-command.ts';

/** What is asked for may be planned only, or be the carrying out of a plan that somebody has approved. */
interface Approvable {
  readonly dryRun: boolean;
  readonly approve: string | null;
}

/** A run that may write to a site. */
export interface AskedRun<Choices extends Approvable> {
  readonly choices: Choices;
  /** A person has said `--yes`. */
  readonly isYes: boolean;
  readonly runOf: (choices: Choices) => PlacedRun<RestoreResult>;
  readonly endingOf: (choices: Choices) => Ending<RestoreResult>;
  /** What a person is asked once there is a plan. */
  readonly questionOf: (plan: RestoreResult) => Promise<PlanQuestion>;
}

export interface PlanQuestion {
  /** The plan in short. */
  readonly plan: string;
  /** The one question; undefined where there is nothing to write. */
  readonly question: string | undefined;
  /** The command line that carries this plan out. */
  readonly next: string;
}

/**
 * At a terminal: plans, shows the plan in short, asks, and carries it out by its hash. With `--yes`: also carries out what would
 * wait for approval. Elsewhere, and where the plan is approved already or all that is wanted, nobody is asked.
 */
export async function runAsked<Choices extends Approvable>(
  context: CommandContext,
  asked: AskedRun<Choices>,
): Promise<ExitCode> {
  const { io, output } = context;
  const { choices, isYes, runOf, endingOf } = asked;
  const isPlain = choices.dryRun || choices.approve !== null;
  if (!isPlain && isYes) return runAndApprove(context, asked);
  if (!isPlain && io.ask && !output.isJson) return planAndAsk(context, asked, io.ask);
  return runCommand(context, runOf(choices), endingOf(choices));
}

async function runAndApprove<Choices extends Approvable>(
  context: CommandContext,
  { choices, runOf, endingOf }: AskedRun<Choices>,
): Promise<ExitCode> {
  const ending = endingOf(choices);
  let waiting: RestoreResult | undefined;
  const exitCode = await runCommand(context, runOf(choices), {
    ...ending,
    show: (result, run) => {
      if (result.outcome !== 'needs-approval') return ending.show(result, run);
      waiting = result;
    },
  });
  if (!waiting) return exitCode;
  const approved = { ...choices, approve: waiting.hash };
  context.output.note(`Approved by --yes: ${waiting.hash}`);
  return runCommand(context, runOf(approved), endingOf(approved));
}

async function planAndAsk<Choices extends Approvable>(
  context: CommandContext,
  { choices, runOf, endingOf, questionOf }: AskedRun<Choices>,
  ask: NonNullable<CommandContext['io']['ask']>,
): Promise<ExitCode> {
  const planning = { ...choices, dryRun: true };
  const ending = endingOf(planning);
  let planned: RestoreResult | undefined;
  const exitCode = await runCommand(context, runOf(planning), {
    ...ending,
    show: (result, run) => {
      if (result.outcome !== 'planned') return ending.show(result, run);
      planned = result;
    },
  });
  if (!planned) return exitCode;
  const { plan, question, next } = await questionOf(planned);
  const { io, output } = context;
  output.note(`\n${plan}\n`);
  if (
    question !== undefined &&
    !(await confirm(ask, wrapped(`${question} [y/N]`, io.stderr.columns), io.onStopSignals))
  ) {
    output.note(`Nothing was written. To carry it out: ${next}`);
    return 1;
  }
  const approved = { ...choices, approve: planned.hash };
  return runCommand(context, runOf(approved), endingOf(approved));
}
