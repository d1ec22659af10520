import type { EndpointName, FaultRule } from '../../simulator/start-simulator.ts';

/** How often a fault strikes: the first time alone, all but the first time, two times of three, always. */
export type Strike = 'once' | 'later' | 'often' | 'always';

export function faultRule(endpoint: EndpointName, fault: FaultRule['fault'], strike: Strike): FaultRule {
  if (strike === 'once') return { endpoint, fault, times: 1 };
  if (strike === 'later') return { endpoint, fault, skip: 1 };
  let asked = 0;
  const match = () => {
    asked += 1;
    return asked % 3 !== 0;
  };
  return strike === 'often' ? { endpoint, fault, match } : { endpoint, fault };
}
