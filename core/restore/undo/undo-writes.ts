import type { Relaxation } from '../configuration/relaxation.ts';
import { fieldOfIssue, type WrittenField } from '../issues/issue-journal.ts';
import type { PlannedWrite } from '../plan/plan-writes.ts';
import type { MadeThing } from './made-configuration.ts';
import type { OverwrittenObject, UntouchedObject } from './undo-files.ts';

/** What an undo writes, as a plan of it is approved: each with what has to be so. */

export function setBackOf(
  { id, key }: OverwrittenObject,
  { id: attribute, name, now, before }: OverwrittenObject['attributes'][number],
): PlannedWrite {
  const source = `${id} ${attribute}`;
  return {
    kind: 'object',
    source,
    action: 'set-back',
    target: id,
    precondition: now,
    digest: before,
    where: `${key} ${name}`,
  };
}

export function setBackOfField(field: WrittenField): PlannedWrite {
  const { issue, key, name, before, after } = field;
  const [precondition, digest] = [after, before].map((ids) => JSON.stringify(ids));
  return {
    ...{ kind: 'issue', source: fieldOfIssue(field), action: 'set-back', target: issue, where: `${key} ${name}` },
    ...{ precondition: precondition ?? '', digest: digest ?? '' },
  };
}

export function deleteOf({ target, key, digest }: UntouchedObject): PlannedWrite {
  return { kind: 'object', source: target, action: 'delete', target, precondition: digest, digest: '', where: key };
}

export function deleteOfThing({ kind, id, where }: MadeThing): PlannedWrite {
  return { kind, source: id, action: 'delete', target: id, precondition: 'unused', digest: '', where };
}

export function putBackOf({ id, where, before, meanwhile }: Relaxation): PlannedWrite {
  const [precondition, digest] = [meanwhile, before].map((fields) => JSON.stringify(fields));
  return {
    ...{ kind: 'attribute', source: id, action: 'set-back', target: id, where },
    ...{ precondition: precondition ?? '', digest: digest ?? '' },
  };
}
