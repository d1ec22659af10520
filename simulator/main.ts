import { parseArgs } from 'node:util';
import { siteOfSeed } from './seeds/site-of-seed.ts';
import { startSimulator } from './start-simulator.ts';

const usage = `A pretend Atlassian site with Assets, over HTTP.

Usage: npm run simulate -- [options]

  --seed NAME     what the site holds: demo (the default), large:N, awkward,
                  configuration, circles, random:N, empty, no-assets
  --port N         listen on this port (any free one)
  --latency MS     each answer takes so long
  --rate N         limit every endpoint to N requests a minute
  --help           show this
`;

const { values } = readArguments();
if (values.help) {
  process.stdout.write(usage);
} else {
  await simulate();
}

async function simulate(): Promise<void> {
  const site = siteOfSeed(values.seed);
  if (!site) return fail(`There is no seed ${values.seed}.`);
  const port = wholeNumber('port', values.port) ?? 0;
  const latencyMs = wholeNumber('latency', values.latency) ?? 0;
  const rate = wholeNumber('rate', values.rate);
  const limits = rate === undefined ? {} : { default: rate };
  const simulator = await startSimulator({ site, port, latencyMs, limits }).catch((error: Error) =>
    fail(error.message),
  );
  const { url, credentials } = simulator;
  const settings = { siteName: url, username: credentials.username, apiToken: credentials.apiToken, apiUrl: url };
  console.log(`listening on ${url}`);
  console.log(`\n${site.schemas.size} schemas, ${site.types.size} types, ${site.objects.size} objects`);
  console.log(`login: ${credentials.username} with API token ${credentials.apiToken}`);
  console.log(`\nsite.json:\n${JSON.stringify(settings, undefined, 2)}\n\nCtrl+C stops.`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void simulator.close().then(() => process.exit(0));
    });
  }
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        seed: { type: 'string', default: 'demo' },
        port: { type: 'string' },
        latency: { type: 'string' },
        rate: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? Number(text) : fail(`--${name} needs a whole number, not ${text}.`);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${usage}`);
  process.exit(2);
}
