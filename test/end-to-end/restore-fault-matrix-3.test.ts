import { describeMatrix } from './restore-fault-matrix.ts';

describeMatrix(2, 3);
