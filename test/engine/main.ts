import { installEmulator, startEmulator } from '../deploy/emulator.ts';
import { freePort } from '../deploy/local-server.ts';
import { runSuite } from '../deploy/run-suite.ts';
import { installEngine, startEngine } from './engine.ts';

/** `npm run test:engine`: the definitions as deployed, run by an engine that is not ours. */
await runSuite({
  folder: 'test/engine',
  otherwise: 'No engine but ours ran the definitions.',
  async start(folder, running) {
    const [emulator, engine] = [await installEmulator(), await installEngine()];
    const aws = await startEmulator(emulator, folder, running);
    // The tests answer there (function-host.ts).
    const environment = { ...aws, AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${await freePort()}` };
    return { ...environment, ...(await startEngine(engine, folder, environment, running)) };
  },
});
