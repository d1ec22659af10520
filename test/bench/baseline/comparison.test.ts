import { describe, expect, it } from 'vitest';
import {
  type ComparedFigure,
  interleaved,
  isReached,
  ratioTo,
  usageFigures,
} from '../../../bench/baseline/comparison.ts';
import { comparisonTable } from '../../../bench/baseline/comparison-table.ts';
import { units } from '../../../bench/figure.ts';

const figure = (fields: Partial<ComparedFigure>): ComparedFigure => ({
  ...{ what: 'time', unit: units.seconds, today: 4, baseline: 8, bare: 2 },
  ...fields,
});

describe('a target', () => {
  it.each([
    ['of the baseline', figure({ target: { of: 'baseline', atMost: 0.5 } }), true],
    ['of the baseline, missed', figure({ target: { of: 'baseline', atMost: 0.49 } }), false],
    ['of the bare loop', figure({ target: { of: 'bare', atMost: 2 } }), true],
    ['of the bare loop, missed', figure({ target: { of: 'bare', atMost: 1.9 } }), false],
    ['an amount', figure({ target: { atMost: 4 } }), true],
    ['an amount, missed', figure({ target: { atMost: 3.9 } }), false],
    ['of what is no number', figure({ bare: Number.NaN, target: { of: 'bare', atMost: 2 } }), false],
    ['that there is none of', figure({}), undefined],
  ])('%s', (_, of, reached) => {
    expect(isReached(of)).toBe(reached);
  });

  it('of what was not measured is missed', () => {
    const { bare: _, ...without } = figure({ target: { of: 'bare', atMost: 2 } });
    expect([ratioTo('bare', without), isReached(without)]).toEqual([undefined, false]);
  });
});

it('runs take turns, and the median of each figure counts by itself', async () => {
  const order: string[] = [];
  const side = (name: string, ...seconds: number[]) => {
    let turn = 0;
    return async () => {
      order.push(name);
      turn += 1;
      return { seconds: seconds[turn - 1] ?? 0, cpuSeconds: turn, peakMegabytes: -turn };
    };
  };
  const medians = await interleaved(3, { a: side('a', 5, 1, 3), b: side('b', 2, 2, 9), c: side('c', 1, 1, 1) });
  expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']);
  expect(medians).toEqual({
    a: { seconds: 3, cpuSeconds: 2, peakMegabytes: -2 },
    b: { seconds: 2, cpuSeconds: 2, peakMegabytes: -2 },
    c: { seconds: 1, cpuSeconds: 2, peakMegabytes: -2 },
  });
});

it('the table shows the three beside each other, their ratios, and what is reached', () => {
  const used = (seconds: number) => ({ seconds, cpuSeconds: 2 * seconds, peakMegabytes: 100 });
  const figures = usageFigures(
    { baseline: used(10), today: used(4), bare: used(2) },
    { seconds: { of: 'baseline', atMost: 0.45 }, peakMegabytes: { atMost: 90 } },
  );
  const text = comparisonTable([
    {
      heading: 'pages: a site',
      figures: [...figures, { what: 'alone', unit: units.seconds, today: 1 }],
      notes: ['a note'],
    },
  ]);
  expect(text.split('\n')).toEqual([
    'figure                                    baseline   today  bare loop  of baseline  of bare loop          to reach',
    '',
    'pages: a site',
    '  time                                     10.00 s  4.00 s     2.00 s        0.40×         2.00×  ≤ 0.45× baseline  reached',
    '  CPU time, of all processes and threads   20.00 s  8.00 s     4.00 s        0.40×         2.00×',
    '  peak memory, of the largest process       100 MB  100 MB     100 MB        1.00×         1.00×           ≤ 90 MB  <- MISSED',
    '  alone                                             1.00 s',
    '    a note',
  ]);
});
