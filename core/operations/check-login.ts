import { messageOf, nameOf } from '../errors.ts';
import type { Workspace } from '../model/run.ts';
import type { AssetsSite } from '../ports/assets-site.ts';
import { notChecked, type SetupCheck } from './one-check.ts';
import type { SetupWords } from './setup-words.ts';

interface LoginStage {
  readonly name: string;
  readonly errors: readonly string[];
  readonly found: (workspace: Workspace | undefined) => string;
  readonly remedy: string;
}

/** What discovery goes through, in its order; its errors say how far it came. */
const stagesOf = (words: SetupWords): readonly LoginStage[] => [
  {
    name: words.settings.name,
    errors: ['EmptySecretError', 'WrongInputError', 'StorageError'],
    found: () => words.settings.found,
    remedy: words.settings.remedy,
  },
  {
    name: 'site',
    errors: ['WrongAddressError', 'SiteUnavailableError', 'RateLimitedError', 'UnexpectedAnswerError'],
    found: (workspace) => (workspace ? `${workspace.siteName} answers.` : 'It answers.'),
    remedy: `${words.correctAddress}, or wait where the site is down. ${words.network}`,
  },
  {
    name: 'login',
    errors: ['LoginRefusedError', 'PermissionRefusedError'],
    found: (workspace) => (workspace ? `Accepted, as a ${workspace.login} login.` : 'Accepted.'),
    remedy: `Make a new API token, and ${words.storeToken}. Where the site has an IP allowlist, put the address of ${words.whoAsks} on it.`,
  },
  {
    name: 'Assets',
    errors: ['NoAssetsError', 'NotFoundError', 'RequestRefusedError'],
    found: (workspace) => `The workspace is ${workspace?.workspaceId}.`,
    remedy:
      'See whether the plan of the site has Assets, and give the account access to Jira Service Management and to Assets.',
  },
];

/** Logs in, and says of the settings, the address, the login and Assets whether it is in order. */
export async function checkLogin(
  site: AssetsSite,
  words: SetupWords,
): Promise<{ readonly checks: readonly SetupCheck[]; readonly workspace?: Workspace }> {
  const stages = stagesOf(words);
  try {
    const workspace = await site.discover();
    const checks = stages.map(({ name, found }) => ({ name, ok: true, detail: found(workspace), remedy: null }));
    return { checks, workspace };
  } catch (error) {
    const named = stages.findIndex(({ errors }) => errors.includes(nameOf(error)));
    const failed = named === -1 ? stages.findIndex(({ name }) => name === 'site') : named;
    const checks = stages.map(({ name, found, remedy }, at): SetupCheck => {
      if (at < failed) return { name, ok: true, detail: found(undefined), remedy: null };
      if (at === failed) return { name, ok: false, detail: messageOf(error), remedy };
      return notChecked(name, `the check "${stages[failed]?.name}" failed`);
    });
    return { checks };
  }
}
