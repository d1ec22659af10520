import { describeMatrix } from './restore-fault-matrix.ts';

describeMatrix(1, 3);
