import { schemaKeys } from '../backup-format/keys.ts';
import type { Manifest } from '../backup-format/manifest.ts';
import { openBackup } from '../backup-format/open-backup.ts';
import { WrongInputError } from '../errors.ts';
import type { DrillRun, NotCovered } from '../model/drill.ts';
import { type ApiRecord, type JsonRecord, recordsOf, textOf } from '../model/json.ts';
import type { RestoreChoices } from '../model/restore.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { type AttributeKind, kind, kindOfValue } from '../reading/attribute-kinds.ts';
import { BackupSource } from '../reading/backup-source.ts';
import {
  isSystem,
  readStoredConfiguration,
  type StoredConfiguration,
  statedKinds,
} from '../reading/stored-configuration.ts';
import { readValue } from '../reading/value.ts';
import { restoreKeys } from '../restore/restore-keys.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { writeJson } from '../work-store/json-file.ts';
import { recordRequests } from '../work-store/request-counts.ts';
import { chooseObjects } from './choose-objects.ts';
import { drillKeys } from './drill-keys.ts';
import { DrillWork } from './drill-work.ts';
import { FittedConfiguration, type GlobalsThere } from './fit-target.ts';
import { kindWord } from './kind-word.ts';
import { SampleCandidates } from './sample-candidates.ts';
import { type CoveredAttribute, type SampleFile, untried } from './sample-coverage.ts';
import { activityOf, eachObjectOf, objectFiles } from './sample-files.ts';
import { scratchDescription } from './scratch-mark.ts';
import { scratchSchemas } from './scratch-schemas.ts';
import { type SampledSchema, writeSample } from './write-sample.ts';

/**
 * Reads all objects of the backup once, chooses, reads those that are chosen, and writes the sample into the drill's folder with the
 * choices of its restore: each sampled schema goes to a scratch schema. Made in one go, as a plan is, and again it is the same.
 * Throws DamagedBackupError, and WrongInputError where the backup holds no object.
 */
export async function chooseSample(
  services: Services,
  { run }: { run: DrillRun; from: number },
): Promise<{ next: number | null }> {
  await checkSiteLock(services, run);
  const manifest = await openBackup(services.backups, run.backup);
  const source = await BackupSource.open(services.backups, manifest);
  const work = new DrillWork(services.work, run.restore);
  const chooser = new SampleChooser(services, run, { manifest, source });
  const reader = services.site.reader(run.workspace, services.budget);
  const [there, statusTypes, referenceTypes, icons] = await Promise.all([
    reader.objectSchemas(),
    reader.globalStatusTypes(),
    reader.globalReferenceTypes(),
    reader.globalIcons(),
  ]);
  const configuration = await readStoredConfiguration(source, manifest.schemas);
  const candidates = await chooser.scan(configuration);
  if (candidates.objects === 0)
    throw new WrongInputError(
      `The backup ${run.backup} holds no object, so there is nothing that a drill could restore.`,
    );
  const objects = await chooser.take(candidates);
  const sampled = configuration.schemas.filter(({ types }) => types.some(({ id }) => objects.has(id)));
  const scratch = scratchSchemas(run.restore, sampled, there);
  const ids = new Set([...objects.values()].flatMap((records) => records.map((record) => String(record.id))));
  const fitted = new FittedConfiguration(
    { configuration: { ...configuration, schemas: sampled }, objects: ids },
    { statusTypes, referenceTypes, icons, groups: await groupsOf(reader, isSameSite(manifest, run)) },
  );
  const schemas: SampledSchema[] = [];
  for (const schema of sampled) schemas.push(await chooser.fit(schema, objects, fitted));
  const byType = new Map(
    [...objects].map(([type, records]) => [type, new Set(records.map((record) => String(record.id)))] as const),
  );
  const { globalStatusTypes, globalReferenceTypes } = fitted;
  const activity = await activityOf(source, byType);
  await writeSample(work, { manifest, schemas, globalStatusTypes, globalReferenceTypes, activity });
  const attributes = chooser.coverage(configuration, objects, candidates);
  const file: SampleFile = {
    schemas: scratch.map(({ oldObjectSchemaKey: from, newObjectSchemaKey: to }, index) => ({
      from,
      to,
      objects: (sampled[index]?.types ?? []).reduce((sum, { id }) => sum + (objects.get(id)?.length ?? 0), 0),
    })),
    objects: [...byType].flatMap(([type, ids]) => [...ids].map((id) => [id, type] as const)),
    attributes,
    notCovered: [...fitted.notCovered, ...untried(attributes), ...outsideSample(manifest, sampled)],
    notices: run.suspicions ?? [],
  };
  await writeJson(work, drillKeys.sample, file);
  await writeJson<RestoreChoices>(work, restoreKeys(run.restore).choices, {
    ...everything,
    backup: run.backup,
    schemas: scratch,
  });
  await recordRequests(work, restoreKeys(run.restore).allRequests, reader);
  return { next: null };
}

const isSameSite = ({ site }: Manifest, { workspace }: DrillRun) => site.workspaceId === workspace.workspaceId;

async function groupsOf(reader: AssetsReader, isOwnSite: boolean): Promise<GlobalsThere['groups']> {
  const groups = await reader.groups();
  if (groups.offered) return groups.value;
  return isOwnSite ? { has: () => true } : null;
}

/** A drill restores what there is of its sample. */
const everything = {
  ...{ processObjects: true, processComments: true, processHistory: true, setAttributeRestrictions: true },
  include: { objectTypes: [], objects: [], attributes: [] },
  onExisting: 'fail',
  ...{ changedBy: null, changedSince: null, users: null, sameFile: null, same: [], approve: null },
  ...{ intoExisting: false, relaxConstraints: false, relinkIssues: false, whatIsWhole: false, dryRun: false },
} as const satisfies Omit<RestoreChoices, 'backup' | 'schemas'>;

/** What no sample of this backup could hold. */
function outsideSample({ schemas, gaps, notOffered }: Manifest, sampled: StoredConfiguration['schemas']): NotCovered[] {
  const empty = schemas.filter(({ id }) => !sampled.some((schema) => schema.id === id));
  return [
    ...empty.map(({ key }) => ({ what: `schema ${key}`, count: 1, reason: 'it has no objects' })),
    ...(gaps.length > 0
      ? [{ what: 'gaps', count: gaps.length, reason: 'the backup lacks it, and its manifest says why' }]
      : []),
    ...notOffered.map(({ what }) => ({ what, count: 1, reason: 'the site that was backed up does not offer it' })),
  ];
}

class SampleChooser {
  readonly #services: Services;
  readonly #run: DrillRun;
  readonly #manifest: Manifest;
  readonly #source: BackupSource;
  readonly #kinds = new Map<string, AttributeKind>();

  constructor(services: Services, run: DrillRun, { manifest, source }: { manifest: Manifest; source: BackupSource }) {
    this.#services = services;
    this.#run = run;
    this.#manifest = manifest;
    this.#source = source;
  }

  async scan(configuration: StoredConfiguration): Promise<SampleCandidates> {
    for (const [id, of] of statedKinds(configuration)) this.#kinds.set(id, of);
    const system = new Set(
      configuration.schemas.flatMap(({ types }) =>
        types.flatMap(({ attributes }) => attributes.flatMap(({ id, record }) => (isSystem(record) ? [id] : []))),
      ),
    );
    const candidates = new SampleCandidates(this.#run.restore, this.#services.drill.sample);
    for (const file of objectFiles(this.#source, this.#manifest)) {
      for await (const record of eachObjectOf(this.#source, file)) {
        const values = this.#valuesOf(record).filter(({ attribute }) => !system.has(attribute));
        candidates.add({
          id: String(record.id),
          type: file.type,
          filled: values.flatMap(({ attribute, all }) => (all.length > 0 ? [attribute] : [])),
          refersTo: values.flatMap(({ attribute, all }) => this.#referredBy(attribute, all)),
        });
      }
    }
    return candidates;
  }

  #valuesOf({ attributes }: ApiRecord) {
    return recordsOf(attributes).map((one) => ({
      attribute: textOf(one.objectTypeAttributeId) ?? '',
      all: recordsOf(one.objectAttributeValues),
    }));
  }

  #referredBy(attribute: string, values: readonly JsonRecord[]) {
    return values.flatMap((value) => {
      const shown = kindOfValue(value);
      const of = this.#kinds.get(attribute) ?? (shown === undefined ? undefined : { type: shown });
      if (of && !this.#kinds.has(attribute)) this.#kinds.set(attribute, of);
      const to = of?.type === kind.reference ? readValue(value, of)?.id : undefined;
      return to === undefined ? [] : [{ attribute, to }];
    });
  }

  /** The chosen objects, by their types. */
  async take(candidates: SampleCandidates): Promise<Map<string, ApiRecord[]>> {
    const ids = chooseObjects(candidates, {
      sample: this.#services.drill.sample,
      kindOf: (attribute) => this.#wordOf(attribute),
    });
    const types = new Set([...ids].map((id) => candidates.typeOf(id)));
    const taken = new Map<string, ApiRecord[]>();
    const seen = new Set<string>();
    for (const file of objectFiles(this.#source, this.#manifest)) {
      if (!types.has(file.type)) continue;
      for await (const record of eachObjectOf(this.#source, file, ids)) {
        const id = String(record.id);
        if (seen.has(id)) continue;
        seen.add(id);
        taken.set(file.type, [...(taken.get(file.type) ?? []), record]);
      }
    }
    return taken;
  }

  #wordOf(attribute: string): string | undefined {
    const of = this.#kinds.get(attribute);
    return of && kindWord(of);
  }

  async fit(
    schema: StoredConfiguration['schemas'][number],
    objects: ReadonlyMap<string, readonly ApiRecord[]>,
    fitted: FittedConfiguration,
  ): Promise<SampledSchema> {
    const stored = this.#manifest.schemas.find(({ id }) => id === schema.id);
    if (!stored) throw new Error(`The manifest of ${this.#manifest.name} lacks a schema that was read by it.`);
    const names = new Map(schema.types.map(({ id, path }) => [id, [schema.key, ...path].join(' / ')]));
    const attributes = new Map<string, readonly ApiRecord[]>();
    for (const { id, attributes: key } of stored.objectTypes) {
      const file = key === null ? undefined : this.#source.file(key);
      if (!file) continue;
      const records = await this.#source.json<ApiRecord[]>(file);
      attributes.set(
        id,
        records.flatMap((record) => fitted.attribute(record, `${names.get(id)}: ${textOf(record.name) ?? ''}`) ?? []),
      );
    }
    const withoutLeft = (record: ApiRecord): ApiRecord =>
      fitted.leftOut.size === 0
        ? record
        : {
            ...record,
            attributes: recordsOf(record.attributes).filter(
              ({ objectTypeAttributeId }) => !fitted.leftOut.has(textOf(objectTypeAttributeId) ?? ''),
            ),
          };
    const keys = schemaKeys(this.#manifest.name, stored.folder);
    const types = (await this.#source.configuration<ApiRecord[]>(keys.config('objecttypes'))) ?? [];
    const { drill, key, backup } = { drill: this.#run.restore, key: schema.key, backup: this.#run.backup };
    return {
      stored,
      record: { ...schema.record, description: scratchDescription({ drill, key, backup }) },
      properties: schema.properties,
      types: types.map((record) => fitted.type(record)),
      statusTypes: schema.statusTypes,
      referenceTypes: schema.referenceTypes,
      icons: [...schema.icons].map(([id, { name }]) => ({ id, name })),
      attributes,
      objects: new Map(schema.types.map(({ id }) => [id, (objects.get(id) ?? []).map(withoutLeft)] as const)),
    };
  }

  coverage(
    { schemas }: StoredConfiguration,
    objects: ReadonlyMap<string, readonly ApiRecord[]>,
    candidates: SampleCandidates,
  ): CoveredAttribute[] {
    const known = new Map(
      schemas.flatMap(({ types }) =>
        types.flatMap(({ attributes }) => attributes.map((one) => [one.id, one] as const)),
      ),
    );
    return schemas.flatMap((schema) =>
      schema.types.flatMap((type) => {
        const values = new Map<string, number>();
        for (const record of objects.get(type.id) ?? [])
          for (const { attribute, all } of this.#valuesOf(record))
            values.set(attribute, (values.get(attribute) ?? 0) + all.length);
        if (candidates.lowestOf(type.id) === undefined) return [];
        return type.attributeIds.flatMap((id) => {
          const attribute = known.get(id);
          if (!attribute || attribute.role === 'system') return [];
          return [
            {
              where: `${[schema.key, ...type.path].join(' / ')}: ${attribute.name}`,
              name: attribute.name,
              type: type.id,
              kind: this.#wordOf(id) ?? 'unknown',
              filled: candidates.filledBy(type.id).get(id) ?? 0,
              values: values.get(id) ?? 0,
            },
          ];
        });
      }),
    );
  }
}
