import { idOf } from '../model/ids.ts';
import { type ApiRecord, textOf } from '../model/json.ts';

/** An object type in its place among those of its schema. */
export interface TypeInTree {
  readonly id: string;
  readonly record: ApiRecord;
  /** Of one that is among them, and not below this one. */
  readonly parentId: string | undefined;
  /** Names from the root down. */
  readonly path: readonly string[];
}

/**
 * Parents before their children, siblings by position. A type whose parent is not among them begins a tree, and so does one that is
 * below itself.
 */
export function typeTree(records: readonly ApiRecord[]): TypeInTree[] {
  const byId = new Map(records.map((record) => [idOf(record) as string, record]));
  const parentOf = (record: ApiRecord) => {
    const parent = textOf(record.parentObjectTypeId);
    return parent !== undefined && byId.has(parent) ? parent : undefined;
  };
  const position = ({ position }: ApiRecord) => Number(position ?? 0);
  const inOrder = [...byId.values()].toSorted(
    (one, other) => position(one) - position(other) || Number(one.id) - Number(other.id),
  );
  const children = Map.groupBy(inOrder, parentOf);
  const tree = new Map<string, TypeInTree>();
  const add = (records: readonly ApiRecord[], parent?: TypeInTree) => {
    for (const record of records) {
      const id: string = idOf(record);
      if (tree.has(id)) continue;
      const path = [...(parent?.path ?? []), textOf(record.name) ?? ''];
      const type = { id, record, parentId: parent?.id, path };
      tree.set(id, type);
      add(children.get(id) ?? [], type);
    }
  };
  add(children.get(undefined) ?? []);
  for (const record of inOrder) add([record]);
  return [...tree.values()];
}
