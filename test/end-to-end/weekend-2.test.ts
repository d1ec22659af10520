import { describeWeekend } from './weekend.ts';

describeWeekend({
  name: 'restores of some types overlap, and people go on meanwhile',
  deeds: ['edit', 'add', 'rename an object', 'move', 'unlink', 'unlink'],
  hasPartialRestores: true,
  cases: 13,
});
