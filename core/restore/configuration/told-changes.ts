type Change = readonly [from: string, to: string];

/** `, renamed from A to B and from C to D`: what has another name by now and is the same; empty where nothing has. */
export const renamed = (...changes: readonly Change[]) => told('renamed', changes);

/** `, moved from A to B`. */
export const moved = (...changes: readonly Change[]) => told('moved', changes);

/** Why something counts as the same, with what has changed of it. */
export function sameBut(changes: string, isInPlace: boolean): string {
  if (changes === '') return 'it is there';
  return isInPlace ? `it is the one that was backed up${changes}` : `an earlier restore made or found it${changes}`;
}

function told(verb: string, changes: readonly Change[]): string {
  const real = changes.filter(([from, to]) => from !== to).map(([from, to]) => `from ${from} to ${to}`);
  return real.length > 0 ? `, ${verb} ${real.join(' and ')}` : '';
}
