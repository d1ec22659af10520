import { describeNights } from './nights.ts';

describeNights({ updatedMoves: 'never', cases: 3 });
