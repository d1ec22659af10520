import { describeWeekend } from './weekend.ts';

describeWeekend({
  name: 'people delete, edit, add, rename and move objects',
  deeds: ['edit', 'add', 'rename an object', 'move', 'unlink'],
  hasPartialRestores: false,
  cases: 13,
});
