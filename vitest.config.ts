import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Wall-clock is never asserted, so a slow machine only needs patience.
    teardownTimeout: 10_000,
  },
});
