import { h } from 'preact';
import { harmlessLines } from '../../core/harmless.ts';

/**
 * A text of a site, which anybody may have written. Its direction ends with it, and what is not seen (controls, marks of direction)
 * stands there as `\u202e`; a line's end stays one.
 */
export function ShownText({ text }: { readonly text: string }) {
  return h('bdi', null, harmlessLines(text.replaceAll('\r\n', '\n')));
}
