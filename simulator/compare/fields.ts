/** Says how the fields of two things differ, one sentence a field. No text and an empty text are the same. */
export function fieldDifferences(what: string, source: object, target: object): string[] {
  const wanted = source as Record<string, unknown>;
  const found = target as Record<string, unknown>;
  return Object.keys({ ...wanted, ...found }).flatMap((name) => {
    const [a, b] = [shown(wanted[name]), shown(found[name])];
    return a === b ? [] : [`${what}: ${name} is ${b}, not ${a}`];
  });
}

/** Says which names are only in one of two, and compares what is in both. */
export function compareNamed<T>(
  what: string,
  source: ReadonlyMap<string, T>,
  target: ReadonlyMap<string, T>,
  options: { mayHaveMore: (name: string) => boolean; fields: (thing: T, side: 'source' | 'target') => object },
): string[] {
  const differences: string[] = [];
  for (const [name, thing] of source) {
    const other = target.get(name);
    if (other === undefined) differences.push(`${what} ${name} is missing`);
    else
      differences.push(
        ...fieldDifferences(`${what} ${name}`, options.fields(thing, 'source'), options.fields(other, 'target')),
      );
  }
  for (const name of target.keys()) {
    if (!source.has(name) && !options.mayHaveMore(name)) differences.push(`${what} ${name} is too many`);
  }
  return differences;
}

function shown(value: unknown): string {
  return value === undefined || value === '' ? 'nothing' : JSON.stringify(value);
}
