import { describeNightKills } from './night-kills.ts';

describeNightKills({ files: ['object', 'type'], hardLinks: false, every: 9 });
describeNightKills({ files: ['type', 'object'], hardLinks: false, every: 9 });
describeNightKills({ files: ['object', 'object'], hardLinks: true, every: 9 });
