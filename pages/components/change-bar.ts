import { h } from 'preact';
import type { ChangeCounts } from '../../core/report/type-changes.ts';

/** Also the order in a bar. */
export const changeKinds = ['added', 'changed', 'removed'] as const satisfies readonly (keyof ChangeCounts)[];

const colours: Readonly<Record<keyof ChangeCounts, string>> = {
  added: '#17683a',
  changed: '#0a5bb5',
  removed: '#a3231b',
};

/**
 * What changed, as lengths one behind the other; the numbers stand beside it, so nobody has to see it.
 * @param most what the whole width stands for
 */
export function ChangeBar({ of, most }: { readonly of: ChangeCounts; readonly most: number }) {
  let at = 0;
  return h(
    'svg',
    { class: 'change-bar', width: '100%', height: '10', 'aria-hidden': 'true', focusable: 'false' },
    h('rect', { class: 'ground', width: '100%', height: '10', rx: '2', fill: '#d8dce2' }),
    changeKinds.map((kind) => {
      const width = most === 0 ? 0 : (100 * of[kind]) / most;
      const x = at;
      at += width;
      return (
        width > 0 && h('rect', { class: kind, x: percent(x), width: percent(width), height: '10', fill: colours[kind] })
      );
    }),
  );
}

export const percent = (share: number) => `${Math.round(share * 100) / 100}%`;
