import { TargetRefusedError } from '../errors.ts';
import type { DrillRun } from '../model/drill.ts';
import type { Services } from '../ports/services.ts';
import { planRestore } from '../restore/plan/plan-restore.ts';
import type { ConfigurationPlan } from '../restore/plan-files.ts';
import { restoreKeys } from '../restore/restore-keys.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { needJson } from '../work-store/json-file.ts';

/**
 * Plans the restore of the sample. Whatever the plan holds is made in scratch schemas: one that would make or change anything else is
 * refused here, before anything is written. Throws TargetRefusedError, and what `planRestore` throws.
 */
export async function planDrill(
  services: Services,
  input: { run: DrillRun; from: number },
): Promise<{ next: number | null }> {
  // A plan that is made already is handed on without a look.
  await checkSiteLock(services, input.run);
  const { next, go, result } = await planRestore(services, input);
  if (next !== null) return { next };
  const plan = await needJson<ConfigurationPlan>(services.work, restoreKeys(input.run.restore).configurationPlan);
  const outside = outsideOfScratch(plan);
  if (go && outside.length === 0) return { next: null };
  const why = outside.length > 0 ? `it would write ${outside.slice(0, 5).join(', ')}` : (result?.message ?? '');
  throw new TargetRefusedError(`The drill would reach beyond its scratch schemas, so nothing was written: ${why}.`);
}

function outsideOfScratch({ schemas, statusTypes, referenceTypes, icons, relaxed }: ConfigurationPlan): string[] {
  return [
    ...schemas.flatMap(({ action, key }) => (action === 'create' ? [] : [`into the schema ${key}`])),
    ...[...statusTypes, ...referenceTypes].flatMap(({ action, schema, name }) =>
      schema === null && action !== 'reuse' ? [`the global ${name}`] : [],
    ),
    ...icons.flatMap(({ action, name }) => (action === 'create' ? [`the icon ${name}`] : [])),
    ...relaxed.map(({ where }) => `the restrictions of ${where}`),
  ];
}
