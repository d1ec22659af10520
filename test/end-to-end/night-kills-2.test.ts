import { describeNightKills } from './night-kills.ts';

describeNightKills('type');
