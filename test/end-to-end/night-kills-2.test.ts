import { describeNightKills } from './night-kills.ts';

describeNightKills({ files: ['type', 'type'], hardLinks: false, every: 1 });
