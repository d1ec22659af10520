import { describeNights } from './nights.ts';

describeNights({ updatedMoves: 'not-for-comments', cases: 3 });
