import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongPartsFirst } from './test/long-parts-first.ts';

/** They replace modules for all that are loaded after them, or measure what their process holds, so each has one of its own. */
const alone = [
  'test/adapters/disk/failing-calls.test.ts',
  'test/cli/one-choice-more.test.ts',
  'test/core/comparison/comparison-memory.test.ts',
  'test/end-to-end/power-cut.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // End-to-end tests often wait for a server or a disk, so one more than there are cores.
    maxWorkers: availableParallelism() + 1,
    // Wall-clock is never asserted, so a slow machine only needs patience.
    teardownTimeout: 10_000,
    expect: { poll: { timeout: 30_000 } },
    // Several files share a process.
    unstubEnvs: true,
    sequence: { sequencer: LongPartsFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: alone,
          // Most files load nearly all of the product: once a process, and not once a file.
          isolate: false,
          setupFiles: ['test/fresh-clock.ts'],
          // Node runs these files as it runs the product: nothing stands between two modules.
          experimental: { viteModuleRunner: false },
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
