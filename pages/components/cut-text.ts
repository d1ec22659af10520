import { Fragment, h } from 'preact';
import { readableCount } from '../../core/counted.ts';
import { ShownText } from './shown-text.ts';

/** A text of a site of which the beginning is enough: a name, a sentence. */
export function CutText({ text, most = 300 }: { readonly text: string; readonly most?: number }) {
  const characters = [...text.slice(0, 2 * most)];
  if (text.length <= most) return h(ShownText, { text });
  const shown = characters.slice(0, most).join('');
  return h(Fragment, null, h(ShownText, { text: shown }), `… (${readableCount(text.length)} characters)`);
}
