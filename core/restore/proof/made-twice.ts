import type { Difference } from '../../model/restore.ts';

/** An object of the target that is no counterpart of an object that was compared. */
export interface RightOnly {
  readonly id: string;
  readonly key: string;
  /** Digest of its label. */
  readonly label: string;
}

/**
 * What restores have made twice: the journals say that an object was made of one of the backup, it still has that one's label,
 * and the counterpart of that one is another. What somebody has renamed since is theirs.
 * @param labels digests of the labels in the backup, by source id
 */
export function madeTwice(
  rightOnly: readonly RightOnly[],
  {
    sourceOf,
    counterpartOf,
    labels,
  }: {
    readonly sourceOf: (targetId: string) => string | undefined;
    readonly counterpartOf: (source: string) => string | undefined;
    readonly labels: ReadonlyMap<string, string>;
  },
  where: string,
): Difference[] {
  return rightOnly.flatMap(({ id, key, label }): Difference[] => {
    const source = sourceOf(id);
    const counterpart = source === undefined ? undefined : counterpartOf(source);
    if (source === undefined || counterpart === undefined || counterpart === id) return [];
    if (labels.get(source) !== label) return [];
    const what = `${key} was made of an object of the backup that is there as object ${counterpart}: it is there twice`;
    return [{ kind: 'object', source, target: id, where, what }];
  });
}
