import type { Difference, RestoreRun } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import { isTimeShort } from '../runs/time-left.ts';
import { announcedName, compareConfiguration } from './compare-configuration.ts';
import { Losses } from './losses.ts';
import { type ComparedCounts, type ComparedType, ObjectComparison } from './object-comparison.ts';
import { ObjectStage } from './object-stage.ts';
import type { PeopleFile } from './people.ts';
import { needFile, readFile, recordRequests } from './restore-context.ts';
import { readSourceConfiguration } from './source-configuration.ts';
import { readTargetConfiguration } from './target-configuration.ts';

/** What has been found so far; an invocation that runs out of time leaves it to the next. */
export interface VerificationFile extends ComparedCounts {
  readonly differences: readonly Difference[];
  readonly notices: readonly string[];
  readonly resolved: ComparedType['resolved'];
}

/**
 * Reads the target back and compares it with the backup: the configuration that was made, and every object that was made or
 * found. Goes on from the object type `from`; hands back where to go on, or null. Changes nothing.
 */
export async function verifyRestore(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget, reporter } = services;
  const stage = await ObjectStage.open(services, run);
  const { keys } = stage.context;
  const reader = site.reader(run.workspace, budget);
  const losses = await Losses.open(services, run.restore, 'verify');
  const earlier = from === 0 ? undefined : await readFile<VerificationFile>(work, keys.verification);
  let file: VerificationFile = earlier ?? {
    objectsCompared: 0,
    valuesCompared: 0,
    differences: await compareConfigurationNow(services, run, stage, reader, losses),
    notices: [],
    resolved: [],
  };
  const types = [...new Set(stage.plan.shards.map(({ typeId }) => typeId))];
  const comparison = await ObjectComparison.open({ services, run, stage, reader });
  if (from === 0) reporter.planned('comparison', comparison.objects);
  let next: number | null = null;
  for (let number = from; number < types.length; number += 1) {
    if (number > from && isTimeShort(services)) {
      next = number;
      break;
    }
    const found = await comparison.compareType(types[number] ?? '');
    file = {
      objectsCompared: file.objectsCompared + found.objectsCompared,
      valuesCompared: file.valuesCompared + found.valuesCompared,
      differences: [...file.differences, ...found.differences],
      notices: [...file.notices, ...found.notices],
      resolved: [...file.resolved, ...found.resolved],
    };
  }
  for (const { kind, source } of file.differences) reporter.event('warn', 'restore.difference', { kind, source });
  await work.write(keys.verification, JSON.stringify(file));
  await losses.save();
  await recordRequests(services, run, reader);
  return { next };
}

async function compareConfigurationNow(
  services: Services,
  run: RestoreRun,
  stage: ObjectStage,
  reader: ReturnType<Services['site']['reader']>,
  losses: Losses,
): Promise<Difference[]> {
  const { context, configuration: plan, map, known } = stage;
  const { choices, manifest, keys, source, schemas } = context;
  const written = new Set(plan.schemas.filter(({ action }) => action !== 'skip').map(({ key }) => key));
  const announced = new Set<string>();
  for (const part of ['plan', 'configuration', 'constraints', 'verify']) {
    for (const loss of (await Losses.open(services, run.restore, part)).all)
      announced.add(announcedName(loss.kind, loss.source));
  }
  const people = await needFile<PeopleFile>(services.work, keys.people);
  return compareConfiguration({
    plan,
    map,
    source: await readSourceConfiguration(source, schemas, new Map()),
    target: await readTargetConfiguration(
      reader,
      run.workspace.workspaceId,
      ({ objectSchemaKey }) => written.has(String(objectSchemaKey)),
      { byType: false },
    ),
    restrictionInput: {
      map,
      known,
      mapped: new Map(people.mapped),
      schemaKeys: new Map(
        plan.schemas.flatMap(({ sourceKey, key }) => (sourceKey === key ? [] : [[sourceKey, key] as const])),
      ),
      sameSite: manifest.site.workspaceId === run.workspace.workspaceId,
    },
    setsRestrictions: choices.setAttributeRestrictions,
    announced,
    lose: (loss) => losses.add(loss),
  });
}
