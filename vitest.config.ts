import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // End-to-end tests often wait for a server or a disk, so one more than there are cores.
    maxWorkers: availableParallelism() + 1,
    // Wall-clock is never asserted, so a slow machine only needs patience.
    teardownTimeout: 10_000,
  },
});
