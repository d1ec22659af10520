import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Id } from '../../../core/model/ids.ts';
import { closes, cutBody, hangs, json, page, type Responder, redirect, status } from './http-site.ts';
import { basicHeader, errorOf, testSite, token } from './test-site.ts';

/** In all forms in which the login travels. */
const secrets = [token, basicHeader, basicHeader.split(' ')[1] ?? ''];

function shown(value: unknown): string {
  return [inspect(value, { depth: 20, showHidden: true, getters: true }), JSON.stringify(value), String(value)].join(
    '\n',
  );
}

describe('The token and the values of objects', () => {
  it.each<[string, Responder]>([
    ['400', status(400)],
    ['401', status(401)],
    ['403', status(403)],
    ['404', status(404)],
    ['429', status(429, { 'retry-after': '1000' })],
    ['500', status(500)],
    ['a web page', page()],
    ['no answer', hangs],
    ['a closed connection', closes],
    ['a cut body', cutBody],
    ['cut JSON', json('{"a": "secret value')],
    ['another shape', json([{ id: null, name: 'secret value' }])],
    ['a redirect elsewhere', redirect('http://example.com/?secret')],
  ])('stand in no error, cause or event after %s', async (_case, answer) => {
    for (const auth of ['basic', 'bearer']) {
      const { site, reader, reporter } = await testSite([answer], { timeoutMilliseconds: 30, settings: { auth } });

      const errors = [await errorOf(site.discover()), await errorOf(reader.history('88' as Id<'object'>))];

      for (const thing of [...errors, reporter.events]) {
        for (const secret of [...secrets, 'secret']) expect(shown(thing)).not.toContain(secret);
      }
    }
  });

  it('do not show when a site or a reader is printed', async () => {
    const { site, reader } = await testSite([json([])]);

    for (const thing of [site, reader]) {
      for (const secret of secrets) expect(shown(thing)).not.toContain(secret);
    }
  });
});
