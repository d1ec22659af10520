import { describeNights } from './nights.ts';

describeNights({ updatedMoves: 'always', cases: 3 });
