import { allGroups, describeKillPoints, isDeep } from './kill-points.ts';
import { killScenarios } from './kill-scenarios.ts';

describeKillPoints(killScenarios.intoAnEmptySite, {
  deaths: 'in turn',
  groups: allGroups.filter((group) => isDeep || group !== "the run's own files"),
  thefts: isDeep ? allGroups : ['objects', 'references', 'constraints'],
});

describeKillPoints(killScenarios.intoAnEmptySite, {
  deaths: 'in turn',
  groups: ['objects', 'journals'],
  quirks: { searchLagMs: 20_000 },
});
