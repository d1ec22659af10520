import { afterEach } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/start-simulator.ts';
import { Client } from './client.ts';

const running: Simulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

/** A simulator for one test, and a client of it. */
export async function start(options: SimulatorOptions): Promise<{ simulator: Simulator; client: Client }> {
  const simulator = await startSimulator(options);
  running.push(simulator);
  return { simulator, client: new Client(simulator) };
}
