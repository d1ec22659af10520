import { nextOf, type Sequence, type State } from './definition.ts';

/** Told what is wrong, with the name of the state. */
export type ReportState = (state: string, problem: string) => void;

/** Checks how the states of a sequence, and of the sequences in it, follow one another. `owner` names the sequence in messages. */
export function checkTransitions(sequence: Sequence, owner: string, report: ReportState): void {
  const { startAt, states } = sequence;
  if (!states.has(startAt)) report(owner, `StartAt names "${startAt}", which is not one of its states.`);

  for (const [name, state] of states) {
    for (const target of nextOf(state)) {
      if (!states.has(target)) report(name, `goes on to "${target}", which is not a state beside it.`);
    }
    if (state.Type === 'Map') checkTransitions(state.processor, name, report);
  }

  const reached = reachableFrom(sequence);
  for (const name of states.keys()) {
    if (!reached.has(name)) report(name, 'is never reached.');
  }
  if (![...reached].some((name) => isTerminal(states.get(name)))) report(owner, 'has no state to end with.');
}

function isTerminal(state: State | undefined): boolean {
  return state?.Type === 'Succeed' || state?.Type === 'Fail';
}

function reachableFrom({ startAt, states }: Sequence): Set<string> {
  const reached = new Set<string>();
  const waiting = [startAt];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const state = states.get(name);
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    waiting.push(...nextOf(state));
  }
  return reached;
}
