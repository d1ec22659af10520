import { installEmulator, startEmulator } from './emulator.ts';
import { runSuite } from './run-suite.ts';

/** `npm run test:deploy`: the stack on an emulator of AWS. */
await runSuite({
  folder: 'test/deploy',
  otherwise: 'The stack was not deployed on an emulator.',
  async start(folder, running) {
    return startEmulator(await installEmulator(), folder, running);
  },
});
