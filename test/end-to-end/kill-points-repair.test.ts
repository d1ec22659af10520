import { allGroups, describeKillPoints, isDeep } from './kill-points.ts';
import { killScenarios } from './kill-scenarios.ts';

describeKillPoints(killScenarios.repaired, {
  deaths: isDeep ? 'all' : 'in turn',
  // The rest of its writes are those of deleted objects that come back in place.
  groups: isDeep ? allGroups.filter((group) => group !== 'constraints') : ['references', 'journals'],
  thefts: ['references'],
});
