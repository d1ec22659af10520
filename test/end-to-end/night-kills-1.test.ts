import { describeNightKills } from './night-kills.ts';

describeNightKills({ files: ['object', 'object'], hardLinks: false, every: 1 });
