import { killScenarios } from './kill-scenarios.ts';
import { describeUndoKills } from './undo-kills.ts';

describeUndoKills(() => {
  const scenario = killScenarios.repaired();
  const users = [...scenario.source.users];
  return {
    ...scenario,
    // What an account that is gone had is shown by no answer, so nobody can set it back.
    target() {
      const target = scenario.target();
      for (const [id, user] of users) target.users.set(id, user);
      return target;
    },
  };
});
