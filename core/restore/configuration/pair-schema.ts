import { isScratch } from '../../drill/scratch-mark.ts';
import { TargetRefusedError } from '../../errors.ts';
import { idOf } from '../../model/ids.ts';
import { textOf } from '../../model/json.ts';
import { isManagedByAtlassian } from '../../reading/managed-schema.ts';
import type { StoredSchema } from '../../reading/stored-configuration.ts';
import { shellWord } from '../../shell-word.ts';
import { notInApprovedPlan } from '../approval-notices.ts';
import type { PlannedSchema } from '../plan-files.ts';
import { findReferrer, findSchema } from './find-schema.ts';
import { managed, notChosen, type Planning, type SchemaPair } from './planning.ts';

import { unwritableProperties, unwritableReason, writableProperties } from './schema-properties.ts';
import { renamed } from './told-changes.ts';

/**
 * Which schema of the target a schema of the backup goes to, and what becomes of it. Throws TargetRefusedError where it may
 * not be written into.
 */
export function pairSchema(planning: Planning, source: StoredSchema): SchemaPair {
  const { target, choices, own } = planning.input;
  const { sameSite } = planning;
  const found = findSchema(source, target.schemas, { choices, own, sameSite });
  const { key, name, record, isInPlace, isOwn, before } = found;
  const there = record && target.existing.get(idOf(record));
  const planned = (
    rest: Pick<PlannedSchema, 'action' | 'reason' | 'precondition' | 'finish' | 'isManaged'>,
  ): PlannedSchema => ({
    ...rest,
    source: source.id,
    sourceKey: source.key,
    where: key,
    key,
    name,
    ...planning.described(source.record, name === source.name),
    properties: writableProperties(source.properties ?? {}),
    isInPlace,
    ...(record && { target: idOf(record) }),
    ...(record?.canManage === false && { isUnmanageable: true }),
  });
  if (isManagedByAtlassian(source) && key === source.key) {
    const reason = managed;
    const finish = false;
    if (isInPlace && there) {
      const precondition = `schema ${idOf(record)}`;
      return {
        source,
        target: there,
        planned: planned({ action: 'reuse', reason, precondition, finish, isManaged: true }),
      };
    }
    planning.lose('schema', source.id, key, reason);
    return { source, target: undefined, planned: planned({ action: 'skip', reason, precondition: 'none', finish }) };
  }
  if (!record && planning.isLeft('schema', source.id)) {
    planning.lose('schema', source.id, key, notInApprovedPlan);
    const left = { action: 'skip', reason: notInApprovedPlan, precondition: 'none', finish: false } as const;
    return { source, target: undefined, planned: planned(left) };
  }
  if (!record) {
    const reason = 'the target has no schema of this key';
    for (const property of unwritableProperties) {
      if (source.properties?.[property] === true)
        planning.lose('schema', source.id, key, unwritableReason(property, true));
    }
    return {
      source,
      target: undefined,
      planned: planned({ action: 'create', reason, precondition: `no schema ${key}`, finish: true }),
    };
  }
  if (isScratch(record)) {
    throw new TargetRefusedError(
      `The schema ${key} of the target is a scratch schema of a restore drill, which the next drill removes, so nothing is restored into it. Restore under another key (--schema ${source.key}=NEWKEY).`,
    );
  }
  if (isManagedByAtlassian({ key: record.objectSchemaKey, name: record.name })) {
    throw new TargetRefusedError(
      `The schema ${key} of the target is the one that Atlassian manages, and nothing can be restored into it. Restore under another key (--schema ${source.key}=NEWKEY).`,
    );
  }
  if (!isInPlace && !isOwn && !choices.intoExisting) {
    throw new TargetRefusedError(
      `The target has a schema ${key} that is not the one that was backed up. Restore under another key (--schema ${shellWord(`${source.key}=NEWKEY`)}), or say that it may be written into (--into-existing, or intoExisting in an input file).`,
    );
  }
  // What nobody can set is lacking until somebody has set it by hand.
  for (const property of isOwn ? unwritableProperties : []) {
    if (source.properties?.[property] === true && there?.properties?.[property] === false)
      planning.lose('schema', source.id, key, unwritableReason(property, true));
  }
  const place = { source: source.id, sourceKey: source.key, key, target: idOf(record) };
  const isUnfinished = own.isUnfinished('schema', source.id, place) && !planning.isLeft('schema', source.id);
  const changes = renamed([before.key, key], [before.name, name]);
  const reasons = isInPlace
    ? `it is the schema that was backed up${changes}`
    : isOwn
      ? `an earlier restore made it${isUnfinished ? ' and was stopped before its end' : ''}${changes}`
      : 'the input says that it may be written into';
  return {
    source,
    target: there,
    planned: planned({
      action: 'reuse',
      reason: reasons,
      precondition: `schema ${idOf(record)}`,
      finish: isUnfinished,
    }),
  };
}

/** A schema that nobody chose, used as it is on the target. */
export function pairReferrer({ input: { target, own }, sameSite }: Planning, source: StoredSchema): SchemaPair {
  const record = findReferrer(source, target.schemas, { own, sameSite });
  const there = record && target.existing.get(idOf(record));
  const key = textOf(record?.objectSchemaKey) ?? source.key;
  return {
    source,
    target: there,
    planned: {
      source: source.id,
      sourceKey: source.key,
      where: key,
      key,
      name: textOf(record?.name) ?? source.name,
      action: there ? 'reuse' : 'skip',
      reason: there ? 'objects of it refer to what is restored' : notChosen,
      precondition: there ? `schema ${idOf(there.record)}` : 'none',
      isInPlace: sameSite && record !== undefined && idOf(record) === source.id,
      isReferrer: true,
      finish: false,
      properties: {},
      ...(record && { target: idOf(record) }),
    },
  };
}
