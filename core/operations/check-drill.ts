import { messageOf } from '../errors.ts';
import type { Workspace } from '../model/run.ts';
import { undoScopes } from '../model/undo-scopes.ts';
import type { Services } from '../ports/services.ts';
import { newestThatCounts } from './check-last-backup.ts';
import { checkLogin } from './check-login.ts';
import type { SetupReport } from './check-setup.ts';
import { checkToken } from './check-token.ts';
import { notChecked, type SetupCheck } from './one-check.ts';
import { stackWords } from './setup-words.ts';

const howToFill = 'assets-backup login --stack NAME --for drill';
/** Those of the backup's checks, with the line that fills the drill's own secret. */
const words = stackWords(howToFill);

/**
 * Finds out before the first drill whether one could begin, with the drill's own login: whether the site takes it, which workspace it is,
 * and how long its token lasts. Writes nothing. Never throws for a check that fails.
 */
export async function checkDrill(services: Services): Promise<SetupReport> {
  const { checks, workspace } = await checkLogin(services.site, words);
  const failed = checks.find(({ ok }) => !ok);
  const found = [
    ...checks,
    workspace ? await checkTarget(services, workspace) : notChecked('target', `the check "${failed?.name}" failed`),
    rightsNeeded,
    checkToken(services, words, failed?.name === words.settings.name),
  ].map(ofDrill);
  return { ok: found.every(({ ok }) => ok), checks: found };
}

/** Nothing of it can be tried without making and deleting something. */
const rightsNeeded: SetupCheck = {
  name: 'rights',
  ok: true,
  detail: `It has to make and delete object schemas. That is not tried here: a scoped token needs the write: scopes of a restore, and ${undoScopes.join(', ')}.`,
  remedy: null,
};

async function checkTarget(services: Services, workspace: Workspace): Promise<SetupCheck> {
  const name = 'target';
  try {
    const newest = await newestThatCounts(services, services.watched?.objectSchemaKeys ?? null);
    if (!newest) return { name, ok: true, detail: 'There is no backup yet that a drill could try.', remedy: null };
    const { site } = newest.manifest;
    if (site.workspaceId !== workspace.workspaceId) {
      const detail = `Drills are made on ${workspace.siteName}, and backups of ${site.siteName}.`;
      return { name, ok: true, detail, remedy: null };
    }
    return services.drill.inProduction ? meantSo(name, workspace) : refused(name, workspace);
  } catch (error) {
    const remedy = 'See whether the backups can be read: `assets-backup list --stack NAME`.';
    return { name, ok: false, detail: messageOf(error), remedy };
  }
}

function meantSo(name: string, { siteName }: Workspace): SetupCheck {
  const detail = `Drills are made on ${siteName}, which is what is backed up, as "inProduction" says: object schemas come and go there.`;
  return { name, ok: true, detail, remedy: null };
}

function refused(name: string, { siteName }: Workspace): SetupCheck {
  return {
    name,
    ok: false,
    detail: `Its login is one of ${siteName}, which is what is backed up: every drill is refused there.`,
    remedy: `Give drills the login of another site, with \`${howToFill}\`; or set "inProduction": true in "drill" of cdk.json, and deploy the stack again: npx cdk deploy NAME.`,
  };
}

/** As `doctor` tells it from the checks of the backup. */
function ofDrill(check: SetupCheck): SetupCheck {
  return { ...check, name: `drill: ${check.name}` };
}
