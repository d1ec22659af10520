/**
 * The moves that bring things into an order, each to the place where it belongs, from the first on. What is not in `wanted`
 * stays between them where it is. Nothing is moved that stands right.
 */
export function movesInto(
  wanted: readonly string[],
  now: readonly string[],
): { readonly id: string; readonly position: number }[] {
  const moves: { id: string; position: number }[] = [];
  const order = [...now];
  const known = wanted.filter((id) => order.includes(id));
  // The places that the wanted ones hold among the others.
  const places = order.flatMap((id, index) => (known.includes(id) ? [index] : []));
  for (const [index, id] of known.entries()) {
    const position = places[index] ?? index;
    if (order[position] === id) continue;
    order.splice(order.indexOf(id), 1);
    order.splice(position, 0, id);
    moves.push({ id, position });
  }
  return moves;
}
