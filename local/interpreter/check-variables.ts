import type { ReportState } from './check-transitions.ts';
import { type Exit, exitsOf, type Sequence, type State } from './definition.ts';
import { Template } from './template.ts';

/**
 * Checks that every variable that a state reads has been assigned on every way that leads to the state. The children of
 * a map are executions of their own and see nothing of their parent's.
 */
export function checkVariables(sequence: Sequence, report: ReportState): void {
  const names = new Set([...sequence.states.values()].flatMap((state) => exitsOf(state).flatMap(assignedBy)));
  const assignedBefore = assignedOnEveryWay(sequence);

  for (const [name, state] of sequence.states) {
    if (state.Type === 'Map') checkVariables(state.processor, report);
    const assigned = assignedBefore.get(name);
    if (assigned === undefined) continue; // Never reached, which is reported elsewhere.
    for (const [field, template] of templatesIn(state)) {
      for (const variable of template.variables) {
        if (assigned.has(variable)) continue;
        const reason = names.has(variable)
          ? 'not assigned on every way to this state'
          : 'assigned by no state before it';
        report(name, `${field} reads $${variable}, which is ${reason}.`);
      }
    }
  }
}

function assignedBy({ Assign }: Exit): string[] {
  return Object.keys(Assign ?? {});
}

/** For each state that is reached, the variables that have a value whichever way led there. */
function assignedOnEveryWay({ startAt, states }: Sequence): Map<string, ReadonlySet<string>> {
  const before = new Map<string, ReadonlySet<string>>([[startAt, new Set()]]);
  const waiting = [startAt];
  // Sets only ever shrink once they are there, so this ends.
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const state = states.get(name);
    if (state === undefined) continue;
    for (const exit of exitsOf(state)) {
      if (exit.Next === undefined) continue;
      const after = [...(before.get(name) ?? []), ...assignedBy(exit)];
      const known = before.get(exit.Next);
      const narrowed = new Set(known === undefined ? after : after.filter((variable) => known.has(variable)));
      if (narrowed.size === known?.size) continue;
      before.set(exit.Next, narrowed);
      waiting.push(exit.Next);
    }
  }
  return before;
}

/** The templates of a state's own fields, with the fields' names. Those of states inside it are not its own. */
function templatesIn(state: State): [string, Template][] {
  const found: [string, Template][] = [];
  const collect = (value: unknown, path: string): void => {
    if (value instanceof Template) found.push([path, value]);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) collect(child, `${path}.${key}`);
    }
  };
  for (const [key, field] of Object.entries(state)) {
    if (key !== 'processor') collect(field, key);
  }
  return found;
}
