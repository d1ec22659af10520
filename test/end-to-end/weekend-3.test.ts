import { describeWeekend } from './weekend.ts';

describeWeekend({
  name: 'types, attributes and schemas get other names and keys too',
  deeds: [
    'rename a type',
    'rename an attribute',
    'rename a schema',
    'give a schema another key',
    'edit',
    'rename an object',
    'unlink',
  ],
  hasPartialRestores: true,
  cases: 14,
});
