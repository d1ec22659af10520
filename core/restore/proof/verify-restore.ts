import type { Difference, RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { readLiveConfiguration } from '../../reading/live-configuration.ts';
import { readStoredConfiguration } from '../../reading/stored-configuration.ts';
import { Deadline, isTimeShort } from '../../runs/deadline.ts';
import { createJson, needJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { onTarget } from '../configuration/wanted-attribute.ts';
import { ObjectStage } from '../objects/object-stage.ts';
import { StepLosses } from '../step-losses.ts';
import type { PeopleFile } from '../values/people.ts';
import { announcedName, compareConfiguration } from './compare-configuration.ts';
import { type ComparedCounts, type ComparedType, ObjectComparison, type TypeProgress } from './object-comparison.ts';

/** What has been found. */
export interface VerificationFile extends ComparedCounts {
  readonly differences: readonly Difference[];
  readonly notices: readonly string[];
  readonly resolved: ComparedType['resolved'];
}

/** How far an invocation has come. */
interface Verified {
  readonly file: VerificationFile;
  /** Number of the object type to go on with, and where inside it; null before its first page. */
  readonly type: number;
  readonly within: TypeProgress | null;
}

/**
 * Reads the target back and compares it with the backup: the configuration that was made, and every object that was made or
 * found. Goes on where the invocation stood that handed back `from`; hands back a number to be called again with, or null.
 * Changes nothing.
 */
export async function verifyRestore(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget, reporter } = services;
  const stage = await ObjectStage.open(services, run);
  const { keys } = stage.context;
  const reader = site.reader(run.workspace, budget);
  const comparison = await ObjectComparison.open({ services, run, stage, reader });
  let verified: Verified;
  if (from === 0) {
    const losses = await StepLosses.open(services, run.restore, 'verify');
    const differences = await compareConfigurationNow(services, run, stage, reader, losses);
    await losses.save();
    tell(services, differences);
    reporter.planned('comparison', comparison.objects);
    const file = { objectsCompared: 0, valuesCompared: 0, differences, notices: [], resolved: [] };
    verified = { file, type: 0, within: null };
  } else {
    verified = await needJson<Verified>(work, keys.verified(from));
  }
  const types = [...new Set(stage.plan.shards.map(({ typeId }) => typeId))];
  const deadline = new Deadline(services);
  let isFirst = true;
  while (verified.type < types.length && (isFirst || !isTimeShort(services))) {
    isFirst = false;
    const { file, type, within } = verified;
    const compared = await comparison.compareType(types[type] ?? '', within, () => deadline.mayBegin());
    if ('progress' in compared) {
      verified = { file, type, within: compared.progress };
      break;
    }
    tell(services, compared.differences);
    verified = { file: sumOf(file, compared), type: type + 1, within: null };
  }
  const next = verified.type < types.length ? from + 1 : null;
  if (next === null) await writeJson(work, keys.verification, verified.file);
  else await createJson(work, keys.verified(next), verified);
  await recordRequests(work, keys.allRequests, reader);
  return { next };
}

function tell({ reporter }: Services, differences: readonly Difference[]): void {
  for (const { kind, source } of differences) reporter.event('warn', 'restore.difference', { kind, source });
}

function sumOf(file: VerificationFile, found: ComparedType): VerificationFile {
  return {
    objectsCompared: file.objectsCompared + found.objectsCompared,
    valuesCompared: file.valuesCompared + found.valuesCompared,
    differences: [...file.differences, ...found.differences],
    notices: [...file.notices, ...found.notices],
    resolved: [...file.resolved, ...found.resolved],
  };
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
  const written = new Set(plan.schemas.filter(({ action }) => action !== 'skip').map(({ key }) => key));
  const announced = new Set<string>();
  for (const part of ['plan', 'configuration', 'constraints', 'verify']) {
    for (const loss of (await StepLosses.open(services, run.restore, part)).all)
      announced.add(announcedName(loss.kind, loss.source));
  }
  return compareConfiguration({
    plan,
    map,
    source: await readStoredConfiguration(source, schemas, new Map()),
    target: await readLiveConfiguration(
      reader,
      run.workspace.workspaceId,
      ({ objectSchemaKey }) => written.has(String(objectSchemaKey)),
      { byType: false },
    ),
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
