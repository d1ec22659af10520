import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importsOf, pathOf, root } from './source-files.ts';

/**
 * Which folders a folder may import from, longest match first. Data flows one way: cli, infra, local → functions →
 * adapters → core. `packages` are what may come from npm or Node.
 */
const rules: readonly { from: string; may: readonly string[]; packages: RegExp; why: string }[] = [
  {
    from: 'core/',
    may: ['core/'],
    packages: /^(node:(crypto|zlib)|leven)$/,
    why: 'The core knows no HTTP, files, clock or AWS: put what you need behind a port in core/ports.',
  },
  {
    from: 'adapters/system-clock.ts',
    may: ['core/'],
    packages: /.*/,
    why: 'The clock implements a port of the core.',
  },
  ...['atlassian', 'disk', 'aws', 'notify'].map((adapter) => ({
    from: `adapters/${adapter}/`,
    may: ['core/', 'validation/', `adapters/${adapter}/`],
    packages: /.*/,
    why: 'An adapter implements ports of the core and knows no other adapter: only functions/runtime and local put adapters together.',
  })),
  {
    from: 'functions/runtime/',
    may: [
      'core/',
      'validation/',
      'schedule/',
      'adapters/',
      'functions/runtime/',
      'functions/step-list.ts',
      'functions/environment.ts',
      'package.json',
    ],
    packages: /.*/,
    why: 'The runtime puts AWS adapters together and knows no single step.',
  },
  {
    from: 'functions/inputs/',
    may: ['core/', 'validation/', 'functions/inputs/'],
    packages: /^valibot$/,
    why: 'What a person gives a run, as the steps and the command check it: no step, no store, no site.',
  },
  ...['functions/step-list.ts', 'functions/environment.ts'].map((from) => ({
    from,
    may: [],
    packages: /^$/,
    why: 'Infrastructure reads it, so it imports nothing.',
  })),
  {
    from: 'functions/function-needs.ts',
    may: ['functions/step-list.ts'],
    packages: /^$/,
    why: 'Infrastructure reads it too, and no function is to have it in its bundle.',
  },
  {
    from: 'functions/load-definition.ts',
    may: ['functions/step-list.ts'],
    packages: /^node:fs$/,
    why: 'Infrastructure, local mode and the command load definitions by it, so it knows no step.',
  },
  {
    from: 'functions/',
    may: ['core/', 'pages/', 'functions/runtime/', 'functions/inputs/'],
    packages: /^valibot$/,
    why: 'A step is thin: its input, a function of the core, and the page that shows what it found.',
  },
  {
    from: 'pages/',
    may: ['core/', 'pages/'],
    packages: /^preact(\/hooks|-render-to-string)?$/,
    why: 'A page shows what it is given: it reads no file, asks no site, and runs in a browser as well as here.',
  },
  {
    from: 'browse/',
    may: ['core/', 'pages/', 'browse/'],
    packages: /^(node:|esbuild$)/,
    why: 'The server of the browser reads backups through the ports, and answers pages/ what its page shows.',
  },
  {
    from: 'packaging/',
    may: ['packaging/', 'browse/', 'pages/', 'functions/step-list.ts', 'package.json'],
    packages: /^(node:|esbuild$)/,
    why: 'It bundles the command for those without a clone.',
  },
  {
    from: 'local/interpreter/',
    may: ['local/interpreter/'],
    packages: /.*/,
    why: 'The interpreter runs any definition and knows nothing of backups.',
  },
  {
    from: 'local/',
    may: ['core/', 'pages/', 'adapters/', 'functions/', 'local/', 'package.json'],
    packages: /.*/,
    why: 'Local mode puts adapters together and runs the steps; it knows no command line and no simulator.',
  },
  {
    from: 'schedule/',
    may: ['schedule/', 'core/model/'],
    packages: /^croner$/,
    why: 'It reads a schedule for those who set it and those who show it, and knows neither AWS nor settings.',
  },
  {
    from: 'validation/',
    may: ['validation/', 'core/model/'],
    packages: /^valibot$/,
    why: 'It checks what a person or a site gave, for those who get it, and knows none of them.',
  },
  {
    from: 'deployed/',
    may: [
      'core/',
      'schedule/',
      'adapters/aws/',
      'adapters/atlassian/',
      'functions/environment.ts',
      'functions/load-definition.ts',
      'functions/step-list.ts',
      'deployed/',
      'adapters/system-clock.ts',
      'package.json',
    ],
    packages: /.*/,
    why: 'It starts and follows what the stack runs; steps run in the stack, never here.',
  },
  {
    from: 'infra/',
    may: [
      'infra/',
      'schedule/',
      'validation/',
      'functions/step-list.ts',
      'functions/function-needs.ts',
      'functions/environment.ts',
      'functions/load-definition.ts',
      'core/model/',
      'package.json',
    ],
    packages: /.*/,
    why: 'Infrastructure reads the list of steps, the names of the environment and the definitions, never a handler.',
  },
  {
    from: 'simulator/',
    may: ['simulator/'],
    packages: /^node:/,
    why: 'The simulator must not share our misreadings of the API.',
  },
  {
    from: 'cli/',
    may: [
      'core/',
      'pages/',
      'browse/',
      'validation/',
      'functions/inputs/',
      'local/',
      'deployed/',
      'cli/',
      'adapters/atlassian/site-settings.ts',
      'adapters/notify/webhook.ts',
      'package.json',
    ],
    packages: /.*/,
    why: 'A command reads its options, calls local mode or the core, and renders.',
  },
  {
    from: 'demo/',
    may: ['demo/', 'simulator/'],
    packages: /^node:/,
    why: 'The demo runs the real command as a person would.',
  },
  {
    from: 'bench/',
    may: [
      'bench/',
      'simulator/',
      'core/',
      'pages/',
      'browse/',
      'local/',
      'adapters/',
      'functions/',
      'packaging/',
      'test/browser/chromium.ts',
      'package.json',
    ],
    packages: /.*/,
    why: 'Benchmarks measure; nothing may depend on them.',
  },
];

const files = globSync(
  '{core,adapters,functions,local,deployed,pages,browse,packaging,schedule,validation,simulator,cli,demo,bench,infra}/**/*.ts',
  {
    cwd: root,
  },
);

describe('import directions', () => {
  it('sees every source file', () => {
    expect(files.length).toBeGreaterThan(50);
    for (const file of files)
      expect(
        rules.find(({ from }) => file.startsWith(from)),
        `${file} is under no rule`,
      ).toBeDefined();
  });

  it.each(rules)('$from keeps to its rule', ({ from, may, packages, why }) => {
    const broken = files
      .filter((file) => rules.find((rule) => file.startsWith(rule.from))?.from === from)
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => {
            if (!target.startsWith('.')) return !packages.test(target);
            // Of a dynamic import the check sees what stands before the first variable part, which may be a folder.
            return !may.some((allowed) => `${pathOf(file, target)}/`.startsWith(allowed));
          })
          .map((target) => `${file} imports ${target}`),
      );
    expect(broken, why).toEqual([]);
  });

  it('finds a forbidden import (the check can fail)', () => {
    expect(importsOf('core/backup-format/manifest.ts')).toContain('node:crypto');
  });
});

describe('names', () => {
  it('are kebab-case, and say what a file is for', () => {
    for (const file of files) expect(file).toMatch(/^([a-z0-9-]+\/)+[a-z0-9-]+\.ts$/);
    const sayNothing = files.filter((file) => /(^|\/)(utils?|helpers?|common|shared|misc|lib)(\/|\.ts$)/.test(file));
    expect(sayNothing).toEqual([]);
  });
});
