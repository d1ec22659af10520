import { defineConfig } from 'vitest/config';

/** The stack on an emulator of AWS: `npm run test:deploy`, apart from `npm test`, because it needs Python. */
export default defineConfig({
  test: {
    include: ['test/deploy/**/*.deploy.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
