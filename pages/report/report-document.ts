import { type ComponentChildren, h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { sha256 } from '../../core/backup-format/manifest.ts';
import { base64 } from '../../core/base64.ts';
import { harmless } from '../../core/harmless.ts';
import { pageStyle } from '../style.ts';
import { reportStyle } from './report-style.ts';

const style = `${pageStyle}${reportStyle}`;

/** Nothing but its own style: no script, no image, no address. It is opened from a disk, where no header says so. */
const policy = `default-src 'none'; style-src 'sha256-${hashOf(style)}'; base-uri 'none'; form-action 'none'`;

/** One file that needs nothing else. */
export function reportDocument(title: string, content: ComponentChildren): string {
  const page = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      null,
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('meta', { name: 'referrer', content: 'no-referrer' }),
      h('title', null, harmless(title)),
      h('style', { dangerouslySetInnerHTML: { __html: style } }),
    ),
    h('body', null, h('main', { class: 'report' }, content)),
  );
  return `<!doctype html>\n${renderToString(page)}\n`;
}

function hashOf(text: string): string {
  const hex = sha256(new TextEncoder().encode(text));
  return base64(Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)));
}
