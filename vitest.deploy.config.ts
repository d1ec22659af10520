import { defineConfig } from 'vitest/config';

/**
 * The stack on an emulator of AWS (`npm run test:deploy`) and on an engine that is not ours (`npm run test:engine`), and pages in a
 * browser (`npm run test:browser`), apart from `npm test`, because they need Python, Java or Chromium.
 */
export default defineConfig({
  test: {
    include: ['**/*.{deploy,browser}.ts'],
    // Wall-clock is never asserted, so a busy machine only needs patience.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 120_000 } },
    fileParallelism: false,
  },
});
