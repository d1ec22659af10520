import { type Command, Option } from 'commander';
import { AssetsBackupError, InterruptedError } from '../../core/errors.ts';
import type { Workspace } from '../../core/model/run.ts';
import { shellCommand } from '../../core/shell-word.ts';
import type { DeployedStack } from '../../deployed/deployed-stack.ts';
import type { NewLogin } from '../../deployed/store-login.ts';
import { chooseStack } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { readLogin, type WantedLogin } from '../login-fields.ts';
import { type PlaceOptions, pathGiven, placeWords } from '../place-options.ts';

type LoginOptions = PlaceOptions & WantedLogin;

const details = `Asks for the address of the site, the account's e-mail address (none for a service account), its API
token, which is not shown, and, for backups, the day on which the token expires. --site takes all of
it from a file instead, and asks for nothing but a token that is missing there:
  { "siteName": "https://myorganization.atlassian.net",
    "username": "cmdb_admin@myorganization.com",
    "apiToken": "...",
    "expires": "2027-01-31" }
The environment fills what the file lacks, and serves without a file: ASSETS_SITE_NAME,
ASSETS_USERNAME, ASSETS_API_TOKEN, ASSETS_API_URL, ASSETS_AUTH (basic, scoped or bearer).
Nothing is stored where the site refuses the login. The one before stays as the secret's previous
version.`;

export function loginCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'login',
    description:
      'Tries the login of a site, and stores it in the secret of a stack: that of its backups, of its restores, or of its drills.',
    usage: '--stack NAME [--for restore | --for drill] [--site FILE] [options]',
    place: 'stack',
    details,
    examples: [
      'login --stack AssetsBackup',
      'login --stack AssetsBackup --for restore --site target.json',
      'login --stack AssetsBackup --for drill --site drill.json',
    ],
    exitCodes: [0, 1, 2, 12, 130],
  })
    .addOption(
      new Option('--for <RUNS>', 'whose login it is').choices(['backup', 'restore', 'drill']).default('backup'),
    )
    .option('--site <FILE>', 'the login, as JSON', pathGiven)
    .action(async (options: LoginOptions, command: Command) => {
      // Before anybody types a token: it would be typed for nothing.
      const stack = await chooseStack(context, command, options);
      stack.secretOf(options.for);
      const login = await readLogin(context, options);
      const workspace = await tried(context, stack, login);
      await stack.storeLogin(options.for, login);
      show(context, stack, { options, login, workspace });
      context.end(0);
    });
}

async function tried({ io, output }: CommandContext, stack: DeployedStack, login: NewLogin): Promise<Workspace> {
  output.note(`Trying the login on ${login.settings.siteName} ...`);
  const controller = new AbortController();
  const stop = () => controller.abort(new InterruptedError('Interrupted.'));
  const stopListening = io.onStopSignals({ stop, quit: stop });
  try {
    return await stack.tryLogin(login, controller.signal);
  } catch (error) {
    if (error instanceof AssetsBackupError) output.note('Nothing was stored.');
    throw error;
  } finally {
    stopListening();
  }
}

function show(
  { output }: CommandContext,
  stack: DeployedStack,
  { options, login, workspace }: { options: LoginOptions; login: NewLogin; workspace: Workspace },
): void {
  const { siteName, username, expires } = login.settings;
  const secret = stack.secretOf(options.for);
  if (output.isJson) {
    output.document('login', {
      stack: stack.name,
      for: options.for,
      secret,
      site: siteName,
      username: username ?? null,
      login: workspace.login,
      workspaceId: workspace.workspaceId,
      expires: expires ?? null,
    });
    return;
  }
  const words = placeWords(options);
  const next =
    options.for === 'restore'
      ? `See what there is to restore: ${shellCommand('list', ...words)}`
      : `Check the stack: ${shellCommand('doctor', ...words)}`;
  output.print(
    `${siteName} accepts the login of ${username ?? 'the service account'}; it is now the ${options.for} login of the stack ${stack.name}. ${next}`,
  );
}
