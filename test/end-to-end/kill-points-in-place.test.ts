import { describeKillPoints, isDeep, type WriteGroup } from './kill-points.ts';
import { killScenarios } from './kill-scenarios.ts';

const groups: readonly WriteGroup[] = ['the lock', 'objects', 'references', 'comments', 'journals'];
const all: readonly WriteGroup[] = isDeep ? [...groups, "the run's own files"] : groups;

describeKillPoints(killScenarios.inPlace, { deaths: 'all', groups: all, thefts: all });

describeKillPoints(killScenarios.inPlace, {
  deaths: 'in turn',
  groups: ['objects', 'journals'],
  quirks: { searchLagMs: 20_000 },
});
