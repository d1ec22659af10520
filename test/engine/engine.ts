import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { freePort, type LocalServer, startServer } from '../deploy/local-server.ts';
import { installPython } from '../deploy/python-environment.ts';

const run = promisify(execFile);
const here = import.meta.dirname;
const version = '2026.3.0';

/**
 * Installs LocalStack's interpreter of Step Functions, and JSONata for it, where they are not there yet. Gives the folder.
 * Throws NotAvailableError.
 */
export function installEngine(): Promise<string> {
  return installPython({
    name: `LocalStack ${version}`,
    packages: [`localstack-core[runtime]==${version}`, '--constraint', join(here, 'constraints.txt')],
    needs: ['java', 'mvn'],
    async complete(place) {
      await run(join(place, 'bin', 'python'), ['-c', 'import jpype; jpype.getDefaultJVMPath()']);
      const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
      const jars = `-DoutputDirectory=${jarsIn(place)}`;
      await run('mvn', ['-B', '-q', '-f', join(here, 'pom.xml'), copy, jars], { timeout: 300_000 });
    },
  });
}

const jarsIn = (place: string) => join(place, 'jars');

/**
 * Starts the engine on this machine's loopback alone. `environment` says where it finds Lambda, S3 and STS. Gives where it
 * is found itself.
 */
export async function startEngine(
  place: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  running: LocalServer[],
): Promise<NodeJS.ProcessEnv> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const { AWS_REGION: region = '' } = environment;
  const client = new SFNClient({
    endpoint: address,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const server = await startServer({
    name: "LocalStack's engine",
    program: join(place, 'bin', 'python'),
    args: [join(here, 'serve_engine.py'), String(port), jarsIn(place)],
    folder,
    env: {
      ...process.env,
      ...environment,
      TMPDIR: folder,
      // Its clients look into the environment for addresses, and not for the rest of LocalStack.
      DISTRIBUTED_MODE: '1',
      // It writes below this, and not below the root of this machine.
      FILESYSTEM_ROOT: folder,
      OVERRIDE_IN_DOCKER: '0',
      DISABLE_EVENTS: '1',
    },
    isReady: async () => Boolean((await client.send(new ListStateMachinesCommand())).stateMachines),
  });
  running.push(server);
  return { AWS_ENDPOINT_URL_SFN: address };
}
