import type { Difference, Loss, RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { readLiveConfiguration } from '../../reading/live-configuration.ts';
import { readStoredConfiguration } from '../../reading/stored-configuration.ts';
import { Deadline } from '../../runs/deadline.ts';
import { createJson, needJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { onTarget } from '../configuration/wanted-attribute.ts';
import { writeLeft } from '../id-map/left-journal.ts';
import { ObjectStage } from '../objects/object-stage.ts';
import { schemasWritten } from '../plan-files.ts';
import { StepLosses } from '../step-losses.ts';
import type { ChangedAttribute } from '../values/changed-values.ts';
import type { PeopleFile } from '../values/people.ts';
import { announcedName, compareConfiguration } from './compare-configuration.ts';
import { ObjectProof, type ProofProgress } from './object-proof.ts';

/** What has been found. */
export interface VerificationFile {
  readonly objectsCompared: number;
  readonly valuesCompared: number;
  readonly differences: readonly Difference[];
  /** Of objects. */
  readonly losses: readonly Loss[];
  readonly changed: readonly ChangedAttribute[];
}

/** How far an invocation has come. */
interface Verified {
  readonly differences: readonly Difference[];
  readonly objects: ProofProgress | null;
}

/**
 * Reads the target back and compares it with the backup: the configuration that was made, and every object that was made or
 * found. Goes on where the invocation stood that handed back `from`; hands back a number to be called again with, or null.
 * Changes nothing. At the end the journals know how this restore leaves the objects.
 */
export async function verifyRestore(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget, reporter } = services;
  const stage = await ObjectStage.open(services, run);
  const { keys, journals } = stage.context;
  const reader = site.reader(run.workspace, budget);
  const earlier = from === 0 ? undefined : await needJson<Verified>(work, keys.verified(from));
  const proof = await ObjectProof.open({ services, run, stage, reader }, earlier?.objects ?? null);
  let differences = earlier?.differences;
  if (!differences) {
    const losses = await StepLosses.open(services, run.restore, 'verify');
    differences = await compareConfigurationNow(services, run, stage, reader, losses);
    await losses.save();
    reporter.planned('comparison', proof.objects);
  }
  const deadline = new Deadline(services);
  const progress = await proof.run(earlier !== undefined, () => deadline.mayBegin());
  const next = progress ? from + 1 : null;
  if (next === null) {
    const { left, given, losses, changed, ...found } = proof.findings;
    const all = [...differences, ...found.differences];
    for (const { kind, source } of all) reporter.event('warn', 'restore.difference', { kind, source });
    await writeLeft(
      work,
      journals,
      { restore: run.restore, endedAt: services.clock.now() },
      { scope: proof.scope, objects: left, given },
    );
    const counts = { objectsCompared: proof.objects, valuesCompared: proof.values };
    await writeJson<VerificationFile>(work, keys.verification, { ...counts, differences: all, losses, changed });
  } else await createJson<Verified>(work, keys.verified(next), { differences, objects: progress });
  await recordRequests(work, keys.allRequests, reader);
  return { next };
}

async function compareConfigurationNow(
  services: Services,
  run: RestoreRun,
  stage: ObjectStage,
  reader: ReturnType<Services['site']['reader']>,
  losses: StepLosses,
): Promise<Difference[]> {
  const { context, configuration: plan, map, known } = stage;
  const { choices, keys, source, schemas, sameSite } = context;
  const written = new Set(schemasWritten(plan).map(({ source: id }) => map.schemas[id] ?? ''));

  const announced = new Set<string>();
  for (const part of ['plan', 'configuration', 'constraints', 'verify']) {
    for (const { kind, source: id, reason } of (await StepLosses.open(services, run.restore, part)).all) {
      announced.add(announcedName(kind, id));
      if (reason.includes('"displayName"')) announced.add(announcedName(kind, id, 'displayName'));
    }
  }
  return compareConfiguration({
    plan,
    map,
    source: await readStoredConfiguration(source, schemas),
    target: await readLiveConfiguration(reader, run.workspace.workspaceId, () => written, {
      listsOf: new Set(plan.types.flatMap((type) => (type.finish ? (map.types[type.source]?.target ?? []) : []))),
    }),

    onTarget: onTarget({
      plan,
      map,
      known,
      people: await needJson<PeopleFile>(services.work, keys.people),
      sameSite,
    }),
    setsRestrictions: choices.setAttributeRestrictions,
    announced,
    lose: (loss) => losses.add(loss),
  });
}
