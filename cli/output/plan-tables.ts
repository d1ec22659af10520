import { readableCount } from '../../core/counted.ts';
import { type ItemAction, type ItemKind, itemActions, itemKinds, type PlanSummary } from '../../core/model/restore.ts';
import { kindWords, schemaMove } from './restore-words.ts';
import { type Column, table } from './table.ts';

type Counts = Readonly<Record<ItemAction, number>>;

const titles: Readonly<Record<ItemAction, string>> = {
  create: 'Create',
  reuse: 'Reuse',
  update: 'Update',
  conflict: 'Conflict',
  skip: 'Skip',
};

const always: readonly ItemAction[] = ['create', 'reuse'];

/** The schemas, and what becomes of their objects. */
export function schemaTable({ schemas, counts }: PlanSummary): string {
  const actions = actionsOf([counts.object, ...schemas.map(({ objects }) => objects)]);
  const rows = schemas.map((schema) => [
    schemaMove(schema),
    schema.name,
    readableCount(schema.types.length),
    ...cells(actions, schema.objects),
  ]);
  const types = schemas.reduce((sum, schema) => sum + schema.types.length, 0);
  const total = ['Total', '', readableCount(types), ...cells(actions, counts.object)];
  const columns = [
    { title: 'Objects of' },
    { title: 'Name' },
    { title: 'Types', isNumber: true },
    ...columnsOf(actions),
  ];
  return table(columns, schemas.length > 1 ? [...rows, total] : rows);
}

/** Everything but objects. Empty where there is nothing else. */
export function otherTable({ counts }: PlanSummary): string {
  const kinds = itemKinds.filter((kind) => kind !== 'object' && total(counts[kind]) > 0);
  if (kinds.length === 0) return '';
  const actions = actionsOf(kinds.map((kind) => counts[kind]));
  const rows = kinds.map((kind) => [titleOf(kind), ...cells(actions, counts[kind])]);
  return table([{ title: 'Other things' }, ...columnsOf(actions)], rows);
}

/** Columns of zeros only make a table wider: what is to be seen is what happens. */
function actionsOf(counts: readonly Counts[]): ItemAction[] {
  return itemActions.filter((action) => always.includes(action) || counts.some((count) => count[action] > 0));
}

function columnsOf(actions: readonly ItemAction[]): Column[] {
  return actions.map((action) => ({ title: titles[action], isNumber: true }));
}

function cells(actions: readonly ItemAction[], counts: Counts): string[] {
  return actions.map((action) => readableCount(counts[action]));
}

function total(counts: Counts): number {
  return itemActions.reduce((sum, action) => sum + counts[action], 0);
}

function titleOf(kind: ItemKind): string {
  const [, many] = kindWords[kind];
  return many.charAt(0).toUpperCase() + many.slice(1);
}
