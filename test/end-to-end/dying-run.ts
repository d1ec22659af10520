import { Killer, type Moment } from './killed-restores.ts';

/**
 * Lets a run die at a write of those that were counted in another one. How many objects are linked as they are created depends on
 * which answer comes first, so a run may have fewer writes: it dies at its last, then.
 * @param run is started again with another killer where nobody died
 */
export async function dyingRun<Answer>(
  write: number,
  moment: Moment,
  run: (killer: Killer) => Promise<Answer>,
): Promise<Answer> {
  const killer = new Killer(write, moment);
  const answer = await run(killer);
  if (killer.hasStruck) return answer;
  if (killer.writes === 0 || killer.writes >= write) throw new Error('It was never killed.');
  return dyingRun(killer.writes, moment, run);
}
