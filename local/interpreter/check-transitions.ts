import { exitsOf, isDistributed, type Sequence, type State, sequencesOf } from './definition.ts';

/** Told what is wrong, with the name of the state. */
export type ReportState = (state: string, problem: string) => void;

/** Checks how the states of a sequence, and of the sequences in it, follow one another. `owner` names the sequence in messages. */
export function checkTransitions(sequence: Sequence, owner: string, report: ReportState): void {
  const { startAt, states } = sequence;
  if (!states.has(startAt)) report(owner, `StartAt names "${startAt}", which is not one of its states.`);

  for (const [name, state] of states) {
    for (const target of targetsOf(state)) {
      if (!states.has(target)) report(name, `goes on to "${target}", which is not a state beside it.`);
    }
    for (const problem of problemsOf(state)) report(name, problem);
    for (const inner of sequencesOf(state)) checkTransitions(inner, name, report);
  }

  const reached = reachableFrom(sequence);
  for (const name of states.keys()) {
    if (!reached.has(name)) report(name, 'is never reached.');
  }
  if (![...reached].some((name) => isTerminal(states.get(name)))) report(owner, 'has no state to end with.');
}

function targetsOf(state: State): string[] {
  return exitsOf(state).flatMap(({ Next }) => Next ?? []);
}

function isTerminal(state: State | undefined): boolean {
  if (state === undefined) return false;
  return state.Type === 'Succeed' || state.Type === 'Fail' || ('End' in state && state.End === true);
}

function reachableFrom({ startAt, states }: Sequence): Set<string> {
  const reached = new Set<string>();
  const waiting = [startAt];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const state = states.get(name);
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    waiting.push(...targetsOf(state));
  }
  return reached;
}

/** What single fields cannot say, because it takes two of them. */
function problemsOf(state: State): string[] {
  const problems: string[] = [];
  if (state.Type === 'Choice' && state.Default === undefined && (state.Output ?? state.Assign) !== undefined) {
    problems.push('Output and Assign of a Choice need a Default: they are for when no rule matches.');
  }
  if (state.Type !== 'Choice' && state.Type !== 'Succeed' && state.Type !== 'Fail') {
    if ((state.Next === undefined) === (state.End === undefined)) problems.push('must have either Next or End.');
  }
  if (state.Type === 'Map') {
    if (state.Items !== undefined && state.ItemReader !== undefined)
      problems.push('must not have both Items and ItemReader.');
    if (!isDistributed(state)) {
      for (const field of ['ItemReader', 'ToleratedFailureCount', 'ToleratedFailurePercentage', 'Label'] as const) {
        if (state[field] !== undefined) problems.push(`${field} is for maps of the mode DISTRIBUTED only.`);
      }
    }
  }
  return problems;
}
