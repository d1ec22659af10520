import type { RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import { type LiveConfiguration, readLiveConfiguration } from '../../reading/live-configuration.ts';
import { needJson } from '../../work-store/json-file.ts';
import type { ConfigurationMap } from '../configuration-map.ts';
import type { ConfigurationPlan } from '../plan-files.ts';
import { restoreKeys } from '../restore-keys.ts';
import { StepLosses } from '../step-losses.ts';
import { type MadeThing, madeConfiguration } from './made-configuration.ts';

/** What a restore has made of the configuration and is there, and the whole configuration of the site, which may use it. */
export async function readMadeConfiguration(
  services: Services,
  run: RestoreRun,
  reader: AssetsReader,
): Promise<{ readonly made: readonly MadeThing[]; readonly live: LiveConfiguration } | undefined> {
  const { undo = '' } = run;
  const keys = restoreKeys(undo);
  const plan = await needJson<ConfigurationPlan>(services.work, keys.configurationPlan);
  const map = await needJson<ConfigurationMap>(services.work, keys.configuration);
  const lists = [plan.schemas, plan.statusTypes, plan.referenceTypes, plan.icons, plan.types, plan.attributes];
  if (!lists.flat().some(({ action }) => action === 'create')) return undefined;
  const live = await readLiveConfiguration(
    reader,
    run.workspace.workspaceId,
    (schemas) => new Set(schemas.map(({ id }) => String(id))),
  );
  const lost = (await StepLosses.open(services, undo, 'configuration')).all;
  const lostIcons = new Set(lost.flatMap(({ kind, source }) => (kind === 'icon' ? [source] : [])));
  return { made: madeConfiguration(plan, map, live, lostIcons), live };
}
