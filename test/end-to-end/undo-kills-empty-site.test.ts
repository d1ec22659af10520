import { killScenarios } from './kill-scenarios.ts';
import { describeUndoKills } from './undo-kills.ts';

/** A site that makes it hard: its search shows for a while what has gone, and it deletes nothing that is in use. */
describeUndoKills(killScenarios.intoAnEmptySite, {
  searchLagMs: 30_000,
  deletesInUse: 'refused',
  deletedReferences: 'in-history',
});
