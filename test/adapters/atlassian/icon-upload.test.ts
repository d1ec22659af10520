import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createAssetsSite } from '../../../adapters/atlassian/assets-site.ts';
import { OutcomeUnknownError } from '../../../core/errors.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { bytes, closes, json, page, type Responder, redirect, startHttpSite, status } from './http-site.ts';
import {
  ample,
  basicHeader,
  errorOf,
  loginSettings,
  RecordingReporter,
  testSite,
  token,
  workspaceAt,
} from './test-site.ts';

const mediaToken = 'eyJ.very-secret-media-token';
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const base = '/jsm/assets/workspace/ws-1/v1';
const given = json({ mediaJwtToken: mediaToken });
const uploaded = json({ data: { id: '0b9f-uuid' } }, 201);
const made = json({ id: '1234', name: 'Büro & Co' }, 201);
const scopeMismatch = json({ code: 401, message: 'Unauthorized; scope does not match' }, 401);
const absent: readonly [string, Responder][] = [
  ['401 for a missing scope', scopeMismatch],
  ['403', status(403)],
  ['404', status(404)],
  ['405', status(405)],
  ['410', status(410)],
  ['501', status(501)],
];

function shown(value: unknown): string {
  return [inspect(value, { depth: 20, showHidden: true }), JSON.stringify(value), String(value)].join('\n');
}

describe('An icon', () => {
  it('is uploaded in three steps', async () => {
    const { http, writer, reporter } = await testSite([given, uploaded, made]);

    expect(await writer.uploadIcon('Büro & Co', png)).toEqual({
      offered: true,
      value: { id: '1234', name: 'Büro & Co' },
    });

    expect(http.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${base}/icon/token-for-uploading-icon`,
      'POST /file/binary?collection=insight_ws-1_icons&name=B%C3%BCro+%26+Co.png&deletable=true',
      `POST ${base}/icon/create`,
    ]);
    const [, media, create] = http.requests;
    expect(media?.headers['content-type']).toBe('image/png');
    expect(media?.headers['content-length']).toBe(String(png.length));
    expect(media?.body).toBe(png.toString('utf8'));
    expect(JSON.parse(create?.body ?? '')).toEqual({ name: 'Büro & Co', mediaFileUuid: '0b9f-uuid' });
    expect(writer.requests()).toMatchObject({ configuration: 3, retries: 0 });
    expect(reporter.events).toEqual([]);
  });

  it('does not take the login to the media service, nor the media token anywhere else', async () => {
    const { http, writer } = await testSite([given, uploaded, made]);

    await writer.uploadIcon('Office', png);

    expect(http.requests.map(({ headers }) => headers.authorization)).toEqual([
      basicHeader,
      `Bearer ${mediaToken}`,
      basicHeader,
    ]);
  });

  it.each(absent)('is not offered where the first step is answered %s', async (_case, answer) => {
    const { http, writer } = await testSite([answer]);

    expect(await writer.uploadIcon('Office', png)).toEqual({ offered: false, reason: expect.any(String) });
    expect(http.requests).toHaveLength(1);
  });

  it.each([...absent, ['401', status(401)] as const])(
    'is not offered where the media service answers %s',
    async (_case, answer) => {
      const { http, writer } = await testSite([given, answer]);

      expect(await writer.uploadIcon('Office', png)).toEqual({ offered: false, reason: expect.any(String) });
      expect(http.requests).toHaveLength(2);
    },
  );

  it.each(absent)('is not offered where the last step is answered %s', async (_case, answer) => {
    const { writer } = await testSite([given, uploaded, answer]);

    expect(await writer.uploadIcon('Office', png)).toMatchObject({ offered: false });
  });

  it.each<[string, Responder[], Responder[]]>([
    ['the first step', [], [given, uploaded, made]],
    ['the media service', [given], [uploaded, made]],
    ['the last step', [given, uploaded], [made]],
  ])('is asked for again where a web page comes from %s', async (_step, before, after) => {
    const { writer } = await testSite([...before, page(404), page(403), ...after]);
    expect(await writer.uploadIcon('Office', png)).toMatchObject({ offered: true });

    const site = await testSite([...before, page(404)]);
    expect(await site.writer.uploadIcon('Office', png)).toEqual({
      offered: false,
      reason: expect.stringMatching(/answered 404 with a web page, after 5 attempts: a proxy may stand between/),
    });
  });

  it.each([
    ['the first step', [status(401)]],
    ['the last step', [given, uploaded, status(401)]],
  ])('is not what is wrong where %s refuses the login', async (_case, answers) => {
    const { writer } = await testSite(answers);

    expect((await errorOf(writer.uploadIcon('Office', png))).name).toBe('LoginRefusedError');
  });

  it.each<[string, Responder[], string]>([
    ['no token', [json({})], 'UnexpectedAnswerError'],
    ['a token that cannot stand in a header', [json({ mediaJwtToken: `${mediaToken}\n` })], 'UnexpectedAnswerError'],
    ['a failing first step', [status(500)], 'SiteUnavailableError'],
    ['a refused image', [given, status(400)], 'RequestRefusedError'],
    ['a failing media service', [given, status(500)], 'OutcomeUnknownError'],
    ['a media service that answers something else', [given, bytes(`{"data":"${mediaToken}`)], 'OutcomeUnknownError'],
    ['a media service that redirects', [given, redirect('/elsewhere')], 'OutcomeUnknownError'],
    ['a lost answer to the last step', [given, uploaded, closes], 'OutcomeUnknownError'],
    ['a refused last step', [given, uploaded, status(400)], 'RequestRefusedError'],
  ])('that fails by %s tells no token', async (_case, answers, name) => {
    const { writer, reporter } = await testSite(answers);

    const error = await errorOf(writer.uploadIcon('Office', png));

    expect(error.name).toBe(name);
    for (const thing of [error, reporter.events, writer]) {
      for (const secret of [token, basicHeader, mediaToken, 'secret']) expect(shown(thing)).not.toContain(secret);
    }
  });

  it('is sent once', async () => {
    const { http, writer } = await testSite([given, closes, uploaded]);

    expect(await errorOf(writer.uploadIcon('Office', png))).toBeInstanceOf(OutcomeUnknownError);
    expect(http.requests).toHaveLength(2);
  });

  it('goes to the service at the address of the API where that is set', async () => {
    const [http, api] = [await startHttpSite(status(500)), await startHttpSite(given, uploaded, made)];
    const settings = loginSettings({ siteName: http.url, apiUrl: api.url });
    const reporter = new RecordingReporter();
    const site = createAssetsSite({ settings, clock: new VirtualClock({ runs: true }), reporter });

    await site.writer({ ...workspaceAt(http.url), apiUrl: api.url }, ample).uploadIcon('Office', png);

    expect(http.requests).toEqual([]);
    expect(api.requests).toHaveLength(3);
  });
});
