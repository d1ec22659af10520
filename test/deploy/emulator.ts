import { dirname, join } from 'node:path';
import { freePort, type LocalServer, startServer } from './local-server.ts';
import { installPython } from './python-environment.ts';

/** The emulator of AWS that was tried with these tests. */
const version = '1.5.33';

/** Installs MiniStack where it is not there yet, and gives the program. Throws NotAvailableError. */
export async function installEmulator(): Promise<string> {
  const packages = [`ministack==${version}`];
  return join(await installPython({ name: `MiniStack ${version}`, packages }), 'bin', 'ministack');
}

/**
 * Starts it on this machine's loopback alone, with Node 24 for its functions. Gives what a program needs in its environment
 * to talk to it: an address, a region, credentials that mean nothing. `folder` takes what it writes.
 */
export async function startEmulator(
  program: string,
  folder: string,
  running: LocalServer[],
): Promise<NodeJS.ProcessEnv> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const server = await startServer({
    name: 'MiniStack',
    program,
    folder,
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
      TMPDIR: folder,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      // Otherwise it opens a port for MQTT on every interface.
      IOT_MTLS_ENABLED: '0',
      // Functions as processes of this machine, without Docker.
      LAMBDA_EXECUTOR: 'local',
      // Where functions find it.
      AWS_ENDPOINT_URL: address,
    },
    isReady: async () => (await fetch(`${address}/_ministack/health`)).ok,
  });
  running.push(server);
  return {
    AWS_ENDPOINT_URL: address,
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}
