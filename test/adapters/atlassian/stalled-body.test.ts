import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { json, stalls, startHttpSite } from './http-site.ts';
import { errorOf, testSite } from './test-site.ts';

const program = fileURLToPath(new URL('./programs/stalled-body.ts', import.meta.url));
/** Far more than it takes; what hangs is killed then. */
const patience = 30_000;

const rows = [
  ['time-out', 'SiteUnavailableError'],
  ['signal', 'InterruptedError'],
].flatMap(([ending = '', error = '']) =>
  ['nothing', 'copies', 'listens'].map((before) => [ending, before, error] as const),
);

describe('A body that stalls while garbage is collected', () => {
  // In a process of its own: what is tied to a request weakly is lost in a collection only, and nothing else may keep it.
  it.each(rows)(
    'is ended by the %s where %s stands before node:http, and holds no process',
    async (ending, before, error) => {
      const site = await startHttpSite(stalls);

      const child = spawn(process.execPath, ['--expose-gc', program, site.url, ending, before], {
        stdio: ['ignore', 'pipe', 'inherit'],
        timeout: patience,
        killSignal: 'SIGKILL',
      });
      const [said, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')]);

      expect({ said, exitCode }).toEqual({ said: `${error}\n`, exitCode: 0 });
    },
  );

  it('has its connection closed, which nothing else is asked over', async () => {
    const sockets = new Set<Socket>();
    const { reader, http } = await testSite(
      [
        (response, request) => {
          if (response.socket) sockets.add(response.socket);
          stalls(response, request);
        },
      ],
      { timeoutMilliseconds: 300 },
    );

    expect((await errorOf(reader.globalIcons())).message).toContain('no whole answer within 0.3 seconds');
    http.willAnswer(json([]));
    expect(await reader.globalIcons()).toEqual([]);

    expect(sockets.size).toBeGreaterThan(1);
    for (const socket of sockets) if (!socket.destroyed) await once(socket, 'close');
  });
});
