import { describeMatrix } from './restore-fault-matrix.ts';

describeMatrix(0, 3);
