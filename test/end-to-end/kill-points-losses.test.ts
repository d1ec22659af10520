import { allGroups, describeKillPoints, isDeep } from './kill-points.ts';
import { killScenarios } from './kill-scenarios.ts';

describeKillPoints(killScenarios.withLosses, {
  deaths: 'in turn',
  // The rest of its writes are those of a copy that loses nothing.
  groups: isDeep ? allGroups : ['objects', 'references', 'journals'],
  thefts: isDeep ? allGroups : ['objects'],
  // What is left of a refused object is sent again although the lock is known to be gone.
});
