import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFolderSettings } from '../../adapters/disk/folder-settings.ts';
import { runCommandLine } from '../../cli/command-line.ts';
import { parseBackupInput } from '../../functions/inputs/backup-input.ts';
import { parseRestoreInput } from '../../functions/inputs/restore-input.ts';
import { parseUndoInput } from '../../functions/inputs/undo-input.ts';
import { readSettings } from '../../infra/settings.ts';
import { backup, manifest, pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** As Atlassian's tokens look: of an account, with scopes, of a service account, and older ones; and a login in base64. */
const tokens = [
  'ATATT3xFfGF0kWq8nZy_T1o2-PvLsB3aXcD4eFgHiJkLmNoPqRsTuVwXyZ0123456789=A1B2C3D4',
  `ATCTT3xFfGN0${'aB3'.repeat(50)}=9F8E7D6C`,
  'ATSTT3xFfGF0letters',
  'aB3dE5fG7hI9jK1lM3nO5pQ7',
  '0123456789abcdef0123456789abcdef',
  'bWVAZXhhbXBsZS5jb206QVRBVFQzeEZmR0Yw',
];

async function stderrOf(argv: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for (const more of [[], ['--json'], ['--debug']]) {
    const { product, backups } = pretendProduct();
    backups.add(manifest());
    const io = new RecordedIo();
    const exitCode = await runCommandLine([...argv, ...more], io, product);
    expect(exitCode, argv.join(' ')).toBe(2);
    texts.push(io.stdout.text + io.stderr.text);
  }
  return texts.join('\n');
}

describe.each(tokens)('a token that was pasted as a name (%#)', (token) => {
  it.each<[string, (token: string) => object]>([
    ['a field', (name) => ({ siteName: 'x.atlassian.net', [name]: '' })],
    ['a budget', (name) => ({ siteName: 'x.atlassian.net', requestBudget: { byClass: { [name]: 1 } } })],
  ])('of the settings of a site, as %s, is not shown', async (_where, settings) => {
    const folder = temporaryFolder();
    const file = join(folder, 'site.json');
    writeFileSync(file, JSON.stringify(settings(token)), { mode: 0o600 });
    const text = await stderrOf(['backup', '--local', folder, '--site', file]);
    expect(text).not.toContain(token.slice(0, 12));
    expect(text).toContain(`<${token.length} characters, not shown>`);
  });

  it('of a restore, as a field of --input, is not shown', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'input.json');
    for (const input of [
      { [token]: 1 },
      { include: { [token]: 1 } },
      { objectSchemas: [{ oldObjectSchemaKey: 'A', [token]: 1 }] },
      { same: [{ old: 'A-1', is: 'A-2', [token]: 1 }] },
    ]) {
      writeFileSync(file, JSON.stringify({ folder: backup, ...input }), { mode: 0o600 });
      expect(await stderrOf(['plan', '--local', folder, '--input', file])).not.toContain(token.slice(0, 12));
    }
  });

  it('of an input, a stack or a folder is not shown', async () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ [token]: 1 }));
    const readers: (() => unknown)[] = [
      () => parseBackupInput({ [token]: 1 }),
      () => parseRestoreInput({ folder: backup, [token]: 1 }),
      () => parseUndoInput({ undo: 'x', [token]: 1 }),
      () => readSettings({ Stack: { [token]: 1 } }),
      () => readSettings({ Stack: { requestBudget: { [token]: 1 } } }),
      () => readFolderSettings(folder),
    ];
    for (const read of readers) {
      const error = await Promise.resolve()
        .then(read)
        .then(
          () => undefined,
          (thrown: Error) => thrown,
        );
      expect(error?.message, String(read)).toContain('not shown');
      expect(error?.message).not.toContain(token.slice(0, 12));
    }
  });

  it.each([
    ['a command', (name: string) => [name]],
    ['an option', (name: string) => ['list', `--${name}`]],
    ['an option with it', (name: string) => ['list', '--local', 'x', `--token=${name}`]],
    ['a number', (name: string) => ['backup', '--local', 'x', '--keep-logs', name]],
    ['one word too many', (name: string) => ['list', '--local', 'x', name]],
    ['one of two', (name: string) => ['login', '--stack', 'x', '--for', name]],
  ])('of the command line, as %s, is not shown', async (_where, argv) => {
    expect(await stderrOf(argv(token))).not.toContain(token.slice(0, 12));
  });
});

it.each([
  ['list --lokal x', '--lokal'],
  ['bakup', 'bakup'],
  ['backup --local x --keep-logs 2026-11-23_02-00-00', '2026-11-23_02-00-00'],
])('what is only mistyped is shown: %s', async (line, shown) => {
  expect(await stderrOf(line.split(' '))).toContain(shown);
});
