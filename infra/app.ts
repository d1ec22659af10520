import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { stepName } from '../functions/step-list.ts';
import { BackupStack } from './backup-stack.ts';
import { bundleFunctions } from './bundles.ts';
import { contextKey, readSettings, refuseLostNames, SettingsError } from './settings.ts';
import { functionsMadeFor } from './step-functions.ts';

/** The CDK app, which `cdk.json` names: one stack for each entry of the context `assets-backup`. */
const app = new App();
try {
  // The command that runs this has taken out of the context what would be lost; in the file it still stands.
  if (existsSync('cdk.json')) refuseLostNames(JSON.parse(readFileSync('cdk.json', 'utf8')).context?.[contextKey]);
  const stacks = readSettings(app.node.tryGetContext(contextKey));
  const bundles = join(app.outdir, 'bundles');
  await bundleFunctions(bundles, functionsMadeFor(stacks.map(({ settings }) => settings)));
  for (const { name, settings } of stacks) {
    new BackupStack(app, name, { settings, codeOf: (file) => Code.fromAsset(join(bundles, stepName(file))) });
  }
  app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
