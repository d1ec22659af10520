import { h } from 'preact';
import { percent } from './change-bar.ts';
import type { Tone } from './status-badge.ts';

export interface ChartColumn {
  readonly value: number;
  readonly tone: Tone;
}

const height = 120;
const least = 2;
/** So few columns do not fill the width. */
const fewest = 15;

/** Numbers in a row as columns, from nought. Whoever cannot see it reads `description`, and the table of the same numbers. */
export function ColumnChart(props: {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly columns: readonly ChartColumn[];
}) {
  const { id, title, description, columns } = props;
  const most = Math.max(1, ...columns.map(({ value }) => value));
  const step = 100 / Math.max(columns.length, fewest);
  return h(
    'svg',
    {
      class: 'column-chart',
      width: '100%',
      height: `${height}`,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
    },
    h('title', { id: `${id}-title` }, title),
    h('desc', { id: `${id}-desc` }, description),
    h('line', { class: 'axis', x1: '0', x2: '100%', y1: `${height - 0.5}`, y2: `${height - 0.5}`, stroke: '#57606c' }),
    columns.map(({ value, tone }, index) => {
      const tall = Math.max(least, Math.round(((height - 4) * value) / most));
      return h('rect', {
        class: tone,
        ...{ x: percent(index * step + step * 0.1), width: percent(step * 0.8) },
        ...{ y: `${height - tall}`, height: `${tall}`, fill: tones[tone] },
      });
    }),
  );
}

const tones: Readonly<Record<Tone, string>> = { good: '#17683a', fair: '#7f4d00', bad: '#a3231b', plain: '#57606c' };
