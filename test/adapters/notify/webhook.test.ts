import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Webhook } from '../../../adapters/notify/webhook.ts';
import { noticeServer } from './notice-server.ts';

/** Long enough for a machine that has much else to do. */
const times = { try: 30_000, pauses: [1, 1] };

async function left(
  answer: Parameters<typeof noticeServer>[0],
  { lines = ['It failed.'], milliseconds = times.try }: { lines?: readonly string[]; milliseconds?: number } = {},
) {
  const server = await noticeServer(answer);
  const refusal = await Webhook.at(server.url)?.leave(lines, { ...times, try: milliseconds });
  return { server, refusal };
}

describe('a webhook', () => {
  it('gets one JSON document with the text and nothing else', async () => {
    const { server, refusal } = await left(undefined, { lines: ['It failed.', 'Folder: /var/backups'] });
    expect(refusal).toBeUndefined();
    expect(server.posted).toEqual([
      {
        method: 'POST',
        path: `/services/${server.secret}`,
        contentType: 'application/json',
        body: '{"text":"It failed.\\nFolder: /var/backups"}',
      },
    ]);
  });

  it.each([200, 201, 202, 204])('has got it where it answers %i', async (status) => {
    const { server, refusal } = await left((response) => void response.writeHead(status).end());
    expect(refusal).toBeUndefined();
    expect(server.posted).toHaveLength(1);
  });

  it.each([408, 429, 500, 503])('is asked again after %i, and has got it then', async (status) => {
    const { server, refusal } = await left((response, number) => {
      response.writeHead(number < 3 ? status : 200).end();
    });
    expect(refusal).toBeUndefined();
    expect(server.posted).toHaveLength(3);
  });

  it('is left in peace after three tries', async () => {
    const { server, refusal } = await left((response) => void response.writeHead(500).end('no'));
    expect(refusal).toBe('it was answered 500');
    expect(server.posted).toHaveLength(3);
  });

  it.each([400, 401, 403, 404, 410])('that refuses with %i is not asked again', async (status) => {
    const { server, refusal } = await left((response) => void response.writeHead(status).end('no_service'));
    expect(refusal).toBe(`it was answered ${status}`);
    expect(server.posted).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])('that redirects with %i is not followed', async (status) => {
    const other = await noticeServer();
    const { server, refusal } = await left(
      (response) => void response.writeHead(status, { location: other.url }).end(),
    );
    expect(refusal).toBe(`it was answered ${status}: it leads elsewhere, and is not followed`);
    expect(server.posted).toHaveLength(1);
    expect(other.posted).toEqual([]);
  });

  it('that says nothing is left after its time, and tried again', async () => {
    const { server, refusal } = await left(() => {}, { milliseconds: 100 });
    expect(refusal).toBe('no answer came within 0.1 seconds');
    expect(server.posted).toHaveLength(3);
  });

  it('that cuts the line is tried again', async () => {
    const { server, refusal } = await left((response, number) => {
      if (number < 2) response.destroy();
      else response.end('ok');
    });
    expect(refusal).toBeUndefined();
    expect(server.posted).toHaveLength(2);
  });

  it('that goes on answering for ever holds nobody up', async () => {
    const { refusal } = await left((response) => {
      response.writeHead(200);
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more));
      };
      more();
    });
    expect(refusal).toBeUndefined();
  });

  it('that is not there is named by nothing of its address', async () => {
    // Of port 9 nobody hands out numbers to programs that ask for a free one.
    const refusal = await Webhook.at('http://127.0.0.1:9/services/T0SECRET')?.leave(['It failed.'], times);
    expect(refusal).toMatch(/^it could not be reached( \([A-Z_]+\))?$/);
  });

  it.each([
    'http://hooks.example.com/x',
    'ftp://hooks.example.com/x',
    'hooks.example.com/x',
    'https://name:password@hooks.example.com/x',
    'http://127.0.0.1.example.com/x',
    '',
  ])('is none at %j', (url) => {
    expect(Webhook.at(url)).toBeUndefined();
  });

  it.each(['https://hooks.example.com/x', 'http://localhost:8080/x', 'http://[::1]/x', ' https://a.example/x\n'])(
    'may be at %j',
    (url) => {
      expect(Webhook.at(url)).toBeDefined();
    },
  );
});

describe('a text in a chat', () => {
  const shown = async (line: string) => (await left(undefined, { lines: [line] })).server.texts()[0] ?? '';

  it('mentions nobody, marks nothing up and links nowhere, whatever a site has put into it', async () => {
    const line = 'Type "<!channel> @here *x* _y_ `z` ~q~ [a](https://evil.example) <@U1> \\ # | &lt;" \u202e\nfailed';
    expect(await shown(line)).toBe(
      'Type "‹!channel› ＠here ∗x∗ ＿y＿ ´z´ ∼q∼ (a)(https：//evil.example) ‹＠U1› ＼ ＃ ¦ ＆lt;" ＼u202e failed',
    );
  });

  it('makes no link of an address that has no protocol', async () => {
    expect(await shown('WWW.evil.example www.Evil.example awww.b')).toBe('WWW．evil.example www．Evil.example awww.b');
  });

  it('has names of backups as they are', async () => {
    expect(await shown('2026-11-23_02-00-00 is partial, with 2 gaps')).toBe(
      '2026-11-23_02-00-00 is partial, with 2 gaps',
    );
  });

  it('is short, on its line, and free of what a chat acts upon: a property', async () => {
    const server = await noticeServer();
    const webhook = Webhook.at(server.url);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 700 }), async (line) => {
        expect(await webhook?.leave([line], times)).toBeUndefined();
        const text = server.texts().at(-1) ?? '';
        expect(text).not.toMatch(/[@<>&*~`[\]|#\\\n]|:\/\//);
        expect([...text].length).toBeLessThanOrEqual(604);
      }),
      { numRuns: 60 },
    );
  });
});
