import { describeFailures } from './failure-matrix.ts';

describeFailures(2);
