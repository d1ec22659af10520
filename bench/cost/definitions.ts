import backup from '../../functions/backup/backup.asl.json' with { type: 'json' };
import drill from '../../functions/drill/drill.asl.json' with { type: 'json' };
import restore from '../../functions/restore/restore.asl.json' with { type: 'json' };
import type { MachineName } from '../../functions/step-list.ts';

/** Of a definition what is of interest here. */
interface States {
  readonly States: Readonly<Record<string, State>>;
}

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Arguments?: { readonly FunctionName?: string };
  readonly ItemProcessor?: States;
}

/** Seconds after which an execution is ended. */
export const timeoutSeconds: Readonly<Record<MachineName, number>> = {
  backup: backup.TimeoutSeconds,
  restore: restore.TimeoutSeconds,
  drill: drill.TimeoutSeconds,
};

/** Names of the steps that are called again when they hand back: those whose next state may lead back to them. */
export const stepsInLoops: ReadonlySet<string> = new Set([backup, restore, drill].flatMap(loopsIn));

function loopsIn({ States }: States): string[] {
  return Object.entries(States).flatMap(([name, { Next = '', Arguments, ItemProcessor }]) => {
    const { Default, Choices = [] } = States[Next] ?? {};
    const leadsBack = [Default, ...Choices.map((choice) => choice.Next)].includes(name);
    const step = /\w+/.exec(Arguments?.FunctionName ?? '')?.[0];
    return [...(leadsBack && step ? [step] : []), ...(ItemProcessor ? loopsIn(ItemProcessor) : [])];
  });
}
