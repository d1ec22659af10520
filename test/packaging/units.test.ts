import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root, textOf } from '../architecture/source-files.ts';

const units = globSync('packaging/systemd/*', { cwd: root }).sort();
const services = units.filter((unit) => unit.endsWith('.service'));

/** Settings of a unit, of which one may stand several times, as `[Section] Name=value`. */
function settingsOf(unit: string): string[] {
  let section = '';
  return textOf(unit)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      if (!line.startsWith('[')) return [`${section} ${line}`];
      section = line;
      return [];
    });
}

const hasAnalyzer = spawnSync('systemd-analyze', ['--version']).status === 0;

/** What systemd says of a unit; node and the command are no matter of it. */
function complaints(text: string, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'units-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'program');
  mkdirSync(program);
  for (const unit of units) writeFileSync(join(folder, unit.split('/').at(-1) ?? ''), moved(textOf(unit)));
  writeFileSync(join(folder, name), moved(text));
  const { stdout, stderr, status } = spawnSync('systemd-analyze', ['verify', '--man=no', join(folder, name)], {
    encoding: 'utf8',
  });
  return status === 0 ? stderr + stdout : `${status}: ${stderr}${stdout}`;
}

/** With programs that are on any machine with systemd. */
const moved = (unit: string) => unit.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/sh');

describe.skipIf(!hasAnalyzer)('systemd', () => {
  it.each(units)('has nothing to say of %s', (unit) => {
    expect(complaints(textOf(unit), unit.split('/').at(-1) ?? '')).toBe('');
  });

  it('would say what is wrong (the check can fail)', () => {
    const wrong = textOf('packaging/systemd/assets-backup.service').replace('ProtectSystem', 'ProtectsSystem');
    expect(complaints(wrong, 'assets-backup.service')).toContain("'ProtectsSystem'");
  });

  it.each(services)('finds little that %s is exposed to', (service) => {
    const words = ['security', '--offline=yes', '--threshold=20', join(root, service)];
    // More than 2.0 of 10, and it ends with 1.
    expect(() => execFileSync('systemd-analyze', words, { stdio: 'pipe' })).not.toThrow();
  });
});

describe.each(services)('%s', (service) => {
  const settings = settingsOf(service);

  it('may write its folder and nothing else, and gain no right', () => {
    for (const setting of ['ProtectSystem=strict', 'NoNewPrivileges=yes', 'PrivateTmp=yes', 'UMask=0077']) {
      expect(settings).toContain(`[Service] ${setting}`);
    }
    expect(settings.filter((setting) => setting.includes('ReadWritePaths='))).toEqual([
      '[Service] ReadWritePaths=/var/backups/assets',
    ]);
    expect(settings).toContain('[Service] User=assets-backup');
    expect(settings).toContain('[Service] CapabilityBoundingSet=');
  });

  it('has no secret in it', () => {
    expect(textOf(service)).not.toMatch(/^(Set)?(Environment|Credential)=/m);
  });

  it('is started by its timer, also after a night without power', () => {
    const timer = settingsOf(service.replace('.service', '.timer'));
    expect(timer).toContainEqual(expect.stringMatching(/^\[Timer\] OnCalendar=\*-\*-\* \d\d:00:00 UTC$/));
    expect(timer).toContain('[Timer] Persistent=true');
    expect(timer).toContain('[Install] WantedBy=timers.target');
  });
});

it('every unit is read by these tests', () => {
  expect(units.map((unit) => unit.split('/').at(-1))).toEqual([
    'assets-backup-prune.service',
    'assets-backup-prune.timer',
    'assets-backup.service',
    'assets-backup.timer',
  ]);
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('packaging/systemd/assets-backup.service');
});
