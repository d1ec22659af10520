import { runSuite } from '../deploy/run-suite.ts';
import { installChromium } from './chromium.ts';

/** `npm run test:browser`: what people look at, in a real browser. */
await runSuite({
  folder: 'test/browser',
  otherwise: 'The pages were not tried in a browser.',
  async start() {
    return { ASSETS_BACKUP_CHROMIUM: await installChromium() };
  },
});
