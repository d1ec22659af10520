import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { ObjectAnswer, ObjectsAnswer, PlaceAnswer, SearchAnswer } from '../../pages/answers.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { pretendStack } from './stack-command.ts';

const backup = '2026-11-25_02-00-00';

describe('browse of a stack', () => {
  it('reads from the bucket, a page of objects by ranges, finds keys and labels, and keeps no value on this machine', async () => {
    const stack = await pretendStack();
    const directory = new GoldenFolder('format-2').copy();
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      stack.put(path.slice(directory.length + 1), readFileSync(path));
    }
    const temporary = temporaryFolder();
    mkdirSync(temporary, { recursive: true });
    vi.stubEnv('TMPDIR', temporary);
    const io = new RecordedIo();
    const ended = stack.run(['browse', '--json'], io);
    while (io.stdout.text === '') await new Promise((resolve) => setTimeout(resolve, 10));
    const { origin, hash } = new URL((io.document() as { address: string }).address);
    const ask = async <Answer>(path: string): Promise<Answer> => {
      for (;;) {
        const answer = await fetch(`${origin}/api/${path}`, { headers: { 'x-assets-backup-token': hash.slice(1) } });
        const body = (await answer.json()) as { state?: string };
        if (body.state !== 'indexing') return body as Answer;
      }
    };

    expect(await ask<PlaceAnswer>('place')).toMatchObject({ searchesValues: false });
    expect(await ask<SearchAnswer>(`search?backup=${backup}&words=laptop`)).toMatchObject({ state: 'found', total: 7 });
    // A value of one of them.
    expect(await ask<SearchAnswer>(`search?backup=${backup}&words=lenders`)).toMatchObject({ total: 0 });
    stack.s3.requests.length = 0;
    const page = await ask<ObjectsAnswer>(`objects?backup=${backup}&schema=2&type=3&count=2&from=1&sort=22`);
    expect(page).toMatchObject({ state: 'page', rows: [{}, {}] });
    // A byte of the manifest tells that the backup is still there.
    expect(stack.s3.requests.filter(({ headers }) => headers.range !== undefined)).toHaveLength(3);
    expect((await ask<ObjectAnswer>(`object?backup=${backup}&object=ASSETS-4`)).label).toBe('Laptop 0');
    const left = readdirSync(temporary, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(left).toEqual([]);

    io.pressCtrlC();
    expect((await ended).exitCode).toBe(0);
    expect(stack.s3.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
    expect(existsSync(join(directory, '.work'))).toBe(false);
  });
});
