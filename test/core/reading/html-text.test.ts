import { expect, it } from 'vitest';
import { readableHtml } from '../../../core/reading/html-text.ts';

it.each([
  ['<p>One</p><p>two<br/>three</p>', 'One\ntwo\nthree'],
  ['<ul><li>a</li>\n  <li class="x">b &amp; &lt;c&gt;</li></ul>', 'a\nb & <c>'],
  ['no tags, 1 < 2', 'no tags, 1 < 2'],
  ['<script>x()</script><img src=x onerror="y">', 'x()'],
  ['&unknown; &#x41;', '&unknown; A'],
  ['', ''],
])('%j is read as %j', (html, text) => {
  expect(readableHtml(html)).toBe(text);
});
