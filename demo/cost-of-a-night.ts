import type { Simulator } from '../simulator/start-simulator.ts';

/** What a site was asked while `work` went on, as the site itself has counted it. */
export interface CostOfANight {
  readonly requests: number;
  /** Objects of which the history was asked for. */
  readonly histories: number;
}

export async function costOf<T>({ requests }: Pick<Simulator, 'requests'>, work: () => Promise<T>) {
  const counted = () => ({ requests: requests.total, histories: requests.count('history') });
  const before = counted();
  const result = await work();
  const after = counted();
  const cost: CostOfANight = {
    requests: after.requests - before.requests,
    histories: after.histories - before.histories,
  };
  return { result, cost };
}

/** Both nights, as two lines of a table. */
export function comparedCosts(first: CostOfANight, second: CostOfANight): string {
  const line = (night: string, { requests, histories }: CostOfANight) =>
    `  ${night}  ${inFigures(requests)} requests, history and comments of ${inFigures(histories)} objects`;
  return `${line('first night ', first)}\n${line('second night', second)}`;
}

const inFigures = (count: number) => count.toLocaleString('en-US').padStart(5);
