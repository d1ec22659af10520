import type { Manifest } from '../backup-format/manifest.ts';
import { openBackup } from '../backup-format/open-backup.ts';
import { WrongInputError } from '../errors.ts';
import type { ObjectSchemaId } from '../model/ids.ts';
import type { Workspace } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { BackupSource } from '../reading/backup-source.ts';
import { type LiveConfiguration, type LiveSchema, readLiveConfiguration } from '../reading/live-configuration.ts';
import { Deadline } from '../runs/deadline.ts';
import { needJson, readJson, writeJson } from '../work-store/json-file.ts';
import { BackupAbsences } from './backup-absences.ts';
import { chosenByFilters } from './chosen.ts';
import { diffKeys } from './diff-keys.ts';
import type { DiffSummary } from './diff-lines.ts';
import { type HiddenParts, hiddenParts, whereItMayBe } from './live/absence.ts';
import { LiveComparison } from './live/live-comparison.ts';
import { carryOut } from './live/live-phases.ts';
import { atFirst, type LiveProgress, type Phase, phases } from './live/live-progress.ts';
import { liveSide } from './live/live-side.ts';
import { compareOne, schemaOfObject } from './live/one-object.ts';
import { schemasAskedFor } from './live/schemas-asked-for.ts';
import { unprovenSentences } from './live/value-lines.ts';
import type { Side } from './side.ts';
import type { SiteDiffAnswer, SiteDiffRequest } from './site-diff.ts';
import { storedSide } from './stored-side.ts';

/** The site's configuration as the first invocation has read it, and what of it may be hidden: the others go by the same. */
interface SiteFile {
  readonly configuration: Omit<LiveConfiguration, 'existing'>;
  readonly existing: readonly (readonly [id: string, schema: LiveSchema])[];
  readonly hidden: HiddenParts;
}

/**
 * Compares a backup with the site that it is of, in as many invocations as it takes: each leaves in the work store how far it has
 * come. Throws WrongInputError where the login is that of another site or a filter names nothing, DamagedBackupError, and what
 * reading a site throws.
 */
export async function diffWithSite(services: Services, request: SiteDiffRequest): Promise<SiteDiffAnswer> {
  const keys = diffKeys(request.diff);
  const next = keys.progress(request.from + 1);
  // One that is tried again, since its answer was lost, has left already how far it came.
  const left = await readJson<LiveProgress>(services.work, next);
  if (left) return answerOf(left, request.from + 1);
  const comparison = await openComparison(services, request);
  const { progress } = comparison;
  const { object } = comparison.input.chosen;
  if (object) {
    await compareOne(comparison, object);
    progress.phase = 'done';
  }
  let phase: Phase | undefined = progress.phase === 'done' ? undefined : progress.phase;
  while (phase !== undefined && (await carryOut[phase](comparison))) {
    phase = phases[phases.indexOf(phase) + 1];
    progress.at = 0;
    progress.phase = phase ?? 'done';
  }
  const come = await comparison.handBack();
  const ended = come.phase === 'done' ? { ...come, summary: summaryOf(comparison, come) } : come;
  await writeJson(services.work, next, ended);
  return answerOf(ended, request.from + 1);
}

async function openComparison(services: Services, request: SiteDiffRequest): Promise<LiveComparison> {
  const keys = diffKeys(request.diff);
  const manifest = await openBackup(services.backups, request.backup);
  const workspace = await services.site.discover();
  checkSite(manifest, workspace);
  const source = await BackupSource.open(services.backups, manifest);
  // What somebody has accepted of the backup may have come to be seen since.
  const absences = new BackupAbsences(manifest, { ...manifest, notices: [] });
  const left = await storedSide(source, absences, new Map());
  const reader = services.site.reader(workspace, services.budget);
  const progress: LiveProgress =
    request.from === 0
      ? { ...atFirst }
      : { ...(await needJson<LiveProgress>(services.work, keys.progress(request.from))) };
  if (request.from === 0) {
    await writeJson<SiteFile>(services.work, keys.site, await readSite(reader, workspace, { manifest, left, request }));
  }
  // Read back in the first invocation as well, so that all of them go by the same.
  const { configuration, existing, hidden } = await needJson<SiteFile>(services.work, keys.site);
  const live: LiveConfiguration = { ...configuration, existing: new Map(existing) };
  const right = liveSide(workspace.siteName, live, {
    ofSchema: ({ id }) => hidden.schemas[id],
    ofConfiguration: ({ id }) => hidden.types[id],
    ofObjects: ({ id, schema }) =>
      hidden.schemas[schema.id] ??
      hidden.types[schema.id] ??
      progress.doubts[`type ${id}`] ??
      progress.doubts[`schema ${schema.id}`],
    ofObject: () => undefined,
  });
  const chosen = chosenByFilters(request.filters, left, right);
  const deadline = new Deadline(services);
  return new LiveComparison({
    ...{ services, request, reader, keys, manifest, source, absences, left, right, live, chosen, deadline, progress },
  });
}

function checkSite({ name, site }: Manifest, { workspaceId, siteName }: Workspace): void {
  if (site.workspaceId === workspaceId) return;
  throw new WrongInputError(
    `The backup ${name} is of ${site.siteName} (workspace ${site.workspaceId}), and this login is of ${siteName} (workspace ${workspaceId}): a backup is compared with its own site.`,
  );
}

async function readSite(
  reader: AssetsReader,
  { workspaceId }: Workspace,
  { manifest, left, request }: { readonly manifest: Manifest; readonly left: Side; readonly request: SiteDiffRequest },
): Promise<SiteFile> {
  const { object } = request.filters;
  const ofObject = object === undefined ? undefined : await schemaOfObject(reader, object);
  const { existing, ...configuration } = await readLiveConfiguration(reader, workspaceId, (schemas) =>
    ofObject === undefined ? schemasAskedFor(manifest, schemas, request.filters) : new Set([ofObject]),
  );
  // The list of schemas may say less of each than it says of itself, which is what a backup has.
  const whole = new Map<string, LiveSchema>();
  for (const [id, schema] of existing) {
    whole.set(id, { ...schema, record: await reader.objectSchema(id as ObjectSchemaId) });
  }
  const hidden = await hiddenParts(reader, left, { ...configuration, existing: whole });
  return { configuration, existing: [...whole], hidden };
}

function summaryOf({ input }: LiveComparison, progress: LiveProgress): DiffSummary {
  const { configuration, counts } = progress;
  const differing = counts.some(({ added, removed, changed }) => added + removed + changed > 0);
  return {
    left: input.left.name,
    right: input.right.name,
    isEqual: !differing && Object.values(configuration).every((count) => count === 0),
    configuration,
    objects: counts,
    notCompared: [
      ...progress.notCompared,
      ...unprovenSentences(progress.unproven),
      ...(counts.some(({ added }) => added > 0) ? input.absences.whereItMayBe('added') : []),
      ...(counts.some(({ removed }) => removed > 0) ? whereItMayBe(input) : []),
    ],
  };
}

function answerOf({ phase, compared, expected, summary, files }: LiveProgress, next: number): SiteDiffAnswer {
  return { next: phase === 'done' ? null : next, compared, expected, summary, files };
}
