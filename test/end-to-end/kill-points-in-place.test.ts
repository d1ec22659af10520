import { describeKillPoints, isDeep, type WriteGroup } from './kill-points.ts';
import { killScenarios } from './kill-scenarios.ts';

const groups: readonly WriteGroup[] = ['the lock', 'objects', 'references', 'comments', 'journals'];
const all: readonly WriteGroup[] = isDeep ? [...groups, "the run's own files"] : groups;

/** A survivor's reference does not come back, and is forgotten once the run that left it has ended. */
const fail = [
  'undisturbed, comes to its end, and once more to the same',
  ...all.flatMap((group) => [`killed at ${group}`, `robbed of its lock at ${group}`]),
];

describeKillPoints(killScenarios.inPlace, { deaths: 'all', groups: all, thefts: all, fail });

describeKillPoints(killScenarios.inPlace, {
  deaths: 'in turn',
  groups: ['objects', 'journals'],
  quirks: { searchLagMs: 20_000 },
  fail,
});
