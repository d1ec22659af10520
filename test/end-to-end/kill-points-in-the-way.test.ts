import { describeKillPoints, isDeep, type WriteGroup } from './kill-points.ts';
import { killScenarios } from './kill-scenarios.ts';

const groups: readonly WriteGroup[] = ['the lock', 'objects', 'references', 'constraints', 'journals'];
const all: readonly WriteGroup[] = isDeep ? [...groups, "the run's own files"] : groups;

describeKillPoints(killScenarios.inTheWay, { deaths: 'all', groups: all, thefts: ['constraints'] });
