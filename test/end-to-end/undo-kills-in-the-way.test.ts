import { killScenarios } from './kill-scenarios.ts';
import { describeUndoKills } from './undo-kills.ts';

describeUndoKills(killScenarios.inTheWay);
