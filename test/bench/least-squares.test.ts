import { expect, it } from 'vitest';
import { nonNegativeLeastSquares } from '../../bench/cost/least-squares.ts';

const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(6)));

it('finds what the values were made of', () => {
  const rows = [
    [1, 0, 3],
    [1, 2, 10],
    [1, 5, 400],
    [1, 1, 1000],
  ];
  const values = rows.map(([a = 0, b = 0, c = 0]) => 7 * a + 0 * b + 0.5 * c);
  expect(rounded(nonNegativeLeastSquares(rows, values))).toEqual([7, 0, 0.5]);
});

it('comes as near as it can', () => {
  expect(rounded(nonNegativeLeastSquares([[1], [1], [1]], [1, 2, 6]))).toEqual([3]);
});

it('leaves out what would have to be negative', () => {
  // Without that limit: 3 - x.
  const rows = [1, 2, 3, 4].map((x) => [1, x]);
  expect(rounded(nonNegativeLeastSquares(rows, [2, 1, 0, -1]))).toEqual([0.5, 0]);
});

it('uses the first of two that are always the same', () => {
  expect(
    rounded(
      nonNegativeLeastSquares(
        [1, 2, 3].map((x) => [x, 2 * x]),
        [2, 4, 6],
      ),
    ),
  ).toEqual([2, 0]);
});

it('uses none for nothing', () => {
  expect(
    nonNegativeLeastSquares(
      [
        [1, 2],
        [3, 4],
      ],
      [0, 0],
    ),
  ).toEqual([0, 0]);
});
