/**
 * The x for which `rows` · x comes nearest to `values`, none of its parts negative: where one would be, the column of the most
 * negative one is left out, and so on. Of columns that the rows cannot tell apart the first is used.
 */
export function nonNegativeLeastSquares(rows: readonly (readonly number[])[], values: readonly number[]): number[] {
  // Of one length: columns that count thousands would hide those that count ones.
  const lengths = (rows[0] ?? []).map((_, column) => Math.hypot(...rows.map((row) => row[column] ?? 0)) || 1);
  const columns = lengths.map((length, column) => rows.map((row) => (row[column] ?? 0) / length));
  const used = new Set(columns.keys());
  for (;;) {
    const parts = solve(columns, used, values);
    const least = parts.indexOf(Math.min(...parts));
    if ((parts[least] ?? 0) >= 0) return parts.map((part, column) => part / (lengths[column] ?? 1));
    used.delete(least);
  }
}

/** By the normal equations, whose matrix is positive: so the diagonal, as far as it is not zero, is good enough to divide by. */
function solve(
  columns: readonly (readonly number[])[],
  used: ReadonlySet<number>,
  values: readonly number[],
): number[] {
  const matrix = columns.map((column, at) =>
    [...columns, values].map((other) => (used.has(at) ? dot(column, other) : 0)),
  );
  for (const [at, pivotRow] of matrix.entries()) {
    const pivot = used.has(at) ? (pivotRow[at] ?? 0) : 0;
    const isTold = pivot > 1e-9;
    for (const [index, value] of pivotRow.entries()) pivotRow[index] = isTold ? value / pivot : 0;
    for (const row of matrix) {
      if (row === pivotRow) continue;
      const factor = row[at] ?? 0;
      for (const [index, value] of pivotRow.entries()) row[index] = (row[index] ?? 0) - factor * value;
      row[at] = 0;
    }
  }
  return matrix.map((row) => row.at(-1) ?? 0);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
