import { describeNightKills } from './night-kills.ts';

describeNightKills('object');
