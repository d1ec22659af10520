import { h } from 'preact';
import { useState } from 'preact/hooks';
import { readableCount } from '../../core/counted.ts';
import { ShownText } from '../components/shown-text.ts';

/** More is shown in a box that scrolls. */
const longest = 600;
/** More is shown when somebody asks for it: a browser takes seconds to lay out a megabyte. */
const longestAtOnce = 20_000;

/** A text of a site of any length. */
export function ShownValue({ text, name }: { readonly text: string; readonly name: string }) {
  const [isWhole, setIsWhole] = useState(text.length <= longestAtOnce);
  if (text.length <= longest) return h(ShownText, { text });
  return [
    h(
      'div',
      { class: 'long', role: 'group', tabIndex: 0, 'aria-label': `${name}, a long text` },
      h(ShownText, { text: isWhole ? text : text.slice(0, longestAtOnce) }),
    ),
    !isWhole &&
      h(
        'button',
        { type: 'button', onClick: () => setIsWhole(true) },
        `Show all ${readableCount(text.length)} characters`,
      ),
  ];
}
