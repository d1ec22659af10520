import { isScratch } from '../../drill/scratch-mark.ts';
import { idOf } from '../../model/ids.ts';
import { isRecord, type JsonRecord, textOf } from '../../model/json.ts';
import type { LiveConfiguration } from '../../reading/live-configuration.ts';
import { type Absences, type Side, type SideIcon, type SideSchema, sideTypes } from '../side.ts';

/** The site as it is, as a side of a comparison. Of schemas whose inside was not read it has the names alone. */
export function liveSide(name: string, live: LiveConfiguration, absences: Absences): Side {
  const idsOf = (records: readonly JsonRecord[]) => new Set(records.map(({ id }) => textOf(id)));
  const globals = { statusTypes: idsOf(live.globalStatusTypes), referenceTypes: idsOf(live.globalReferenceTypes) };
  // A site may list those of no schema with those of each as well.
  const own = (of: keyof typeof globals, records: readonly JsonRecord[] | undefined) =>
    records?.filter(({ id }) => !globals[of].has(textOf(id)));
  // What a drill makes there for a while is no change of the site.
  const lasting = live.schemas.filter((record) => !isScratch(record));
  const schemas = lasting.map((record): SideSchema => {
    const id: string = idOf(record);
    const key = textOf(record.objectSchemaKey) ?? id;
    const inside = live.existing.get(id);
    const attributes = new Map(inside?.types.map((type) => [type.id, type.allAttributes]));
    const records = inside?.types.map((type) => type.record) ?? [];
    return {
      ...{ id, key, name: textOf(record.name) ?? '', record: inside?.record ?? record },
      properties: inside?.properties,
      types: sideTypes({ id, key }, records, (typeId) => attributes.get(typeId)),
      statusTypes: own('statusTypes', inside?.statusTypes),
      referenceTypes: own('referenceTypes', inside?.referenceTypes),
    };
  });
  return {
    name,
    schemas,
    statusTypes: live.globalStatusTypes,
    referenceTypes: live.globalReferenceTypes,
    icons: iconsOf(live),
    absences,
  };
}

/** Images are not read for this: a request each. An icon that a type shows need not be in the site's list. */
function iconsOf({ icons, existing }: LiveConfiguration): SideIcon[] {
  const sideIcon = (icon: JsonRecord, schemas: ReadonlySet<string> | undefined) => {
    return { id: textOf(icon.id) ?? '', name: textOf(icon.name) ?? '', image: undefined, schemas };
  };
  const listed = new Map(icons.map((icon) => [String(icon.id), sideIcon(icon, undefined)]));
  for (const [schemaId, { types }] of existing) {
    for (const { record } of types) {
      if (!isRecord(record.icon) || listed.has(textOf(record.icon.id) ?? '')) continue;
      const icon = sideIcon(record.icon, new Set([schemaId]));
      listed.set(icon.id, icon);
    }
  }
  return [...listed.values()];
}
