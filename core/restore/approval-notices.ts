import { counted } from '../counted.ts';
import type { LeftByApproval } from '../model/restore.ts';

/** Why a write is left that a plan would have by now. */
export const notInApprovedPlan = 'it is not in the plan that was approved';

/** What a run leaves that goes by an approved plan, a sentence each. */
export function approvalNotices({ notApproved, droppedOut }: Partial<LeftByApproval>): string[] {
  return [
    ...(notApproved
      ? [
          `${counted(notApproved.count, 'write')} that the plan would have by now ${notApproved.count === 1 ? 'is' : 'are'} not in the plan that was approved, and not made: ${named(notApproved)}. To have all made: approve ${notApproved.hash}.`,
        ]
      : []),
    ...(droppedOut
      ? [
          `${counted(droppedOut.count, 'write')} of the plan that was approved would not be made so any more, and ${droppedOut.count === 1 ? 'is' : 'are'} left: ${named(droppedOut)}.`,
        ]
      : []),
  ];
}

/** How much of it there is, for a message: the notices name it. */
export function leftTitles({ notApproved, droppedOut }: Partial<LeftByApproval>): string[] {
  const were = (count: number) => (count === 1 ? 'was' : 'were');
  return [
    ...(droppedOut
      ? [
          `${counted(droppedOut.count, 'approved write')} ${were(droppedOut.count)} not made any more, since the site has changed.`,
        ]
      : []),
    ...(notApproved
      ? [
          `${counted(notApproved.count, 'write')} that ${were(notApproved.count)} not in the approved plan ${were(notApproved.count)} not made.`,
        ]
      : []),
  ];
}

const named = ({ count, first }: { readonly count: number; readonly first: readonly string[] }) =>
  `${first.join(', ')}${count > first.length ? ', …' : ''}`;
