import { messageOf, nameOf } from '../errors.ts';
import type { Workspace } from '../model/run.ts';
import type { AssetsSite } from '../ports/assets-site.ts';
import { notChecked, type SetupCheck } from './one-check.ts';

/** What discovery goes through, in its order; its errors say how far it came. */
const stages: readonly {
  readonly name: string;
  readonly errors: readonly string[];
  readonly found: (workspace: Workspace | undefined) => string;
  readonly remedy: string;
}[] = [
  {
    name: 'secret',
    errors: ['EmptySecretError', 'WrongInputError', 'StorageError'],
    found: () => 'It holds the settings of a site.',
    remedy: "Store the site's login with `assets-backup login --stack NAME`.",
  },
  {
    name: 'site',
    errors: ['WrongAddressError', 'SiteUnavailableError', 'RateLimitedError', 'UnexpectedAnswerError'],
    found: (workspace) => (workspace ? `${workspace.siteName} answers.` : 'It answers.'),
    remedy:
      'Correct the address with `assets-backup login --stack NAME`, or wait where the site is down. Where the functions run in a network of yours, look for its way out to the internet.',
  },
  {
    name: 'login',
    errors: ['LoginRefusedError', 'PermissionRefusedError'],
    found: (workspace) => (workspace ? `Accepted, as a ${workspace.login} login.` : 'Accepted.'),
    remedy:
      'Make a new API token, and store it with `assets-backup login --stack NAME`. Where the site has an IP allowlist, put the address of the functions on it.',
  },
  {
    name: 'Assets',
    errors: ['NoAssetsError', 'NotFoundError', 'RequestRefusedError'],
    found: (workspace) => `The workspace is ${workspace?.workspaceId}.`,
    remedy:
      'See whether the plan of the site has Assets, and give the account access to Jira Service Management and to Assets.',
  },
];

/** Where an error stands that none of the stages names. */
const unknownErrorsAt = stages.findIndex(({ name }) => name === 'site');

/** Logs in, and says of the secret, the address, the login and Assets whether it is in order. */
export async function checkLogin(
  site: AssetsSite,
): Promise<{ readonly checks: readonly SetupCheck[]; readonly workspace?: Workspace }> {
  try {
    const workspace = await site.discover();
    const checks = stages.map(({ name, found }) => ({ name, ok: true, detail: found(workspace), remedy: null }));
    return { checks, workspace };
  } catch (error) {
    const named = stages.findIndex(({ errors }) => errors.includes(nameOf(error)));
    const failed = named === -1 ? unknownErrorsAt : named;
    const checks = stages.map(({ name, found, remedy }, at): SetupCheck => {
      if (at < failed) return { name, ok: true, detail: found(undefined), remedy: null };
      if (at === failed) return { name, ok: false, detail: messageOf(error), remedy };
      return notChecked(name, `the check "${stages[failed]?.name}" failed`);
    });
    return { checks };
  }
}
