import { activityKinds } from '../../model/activity.ts';
import { idOf, type ObjectId, type ObjectTypeId, typeIdOf } from '../../model/ids.ts';
import { type ApiRecord, isRecord, textOf } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import { sideBySide } from '../../side-by-side.ts';
import { type ChosenObject, isChosenPlace, noSuchObject } from '../chosen.ts';
import { type ActivityCountsOf, countsIn } from '../each-summary.ts';
import { NotCompared } from '../not-compared.ts';
import { ObjectComparison, type PlacedObject } from '../object-line.ts';
import { hiddenObjects } from './absence.ts';
import type { LiveComparison } from './live-comparison.ts';
import { tellAbsence, typeOfId } from './value-lines.ts';

const inFlight = 16;

/** The number in a key is the object's id (reference, section 0). */
const idIn = (keyOrId: string) => /(?:^|-)(\d+)$/.exec(keyOrId)?.[1];

/** The schema in which an object of the site stands by now; undefined where it is not there, or does not say. */
export async function schemaOfObject(reader: AssetsReader, keyOrId: string): Promise<string | undefined> {
  const id = idIn(keyOrId);
  const object = id === undefined ? undefined : await reader.object(id as ObjectId);
  return object && isRecord(object.objectType) ? textOf(object.objectType.objectSchemaId) : undefined;
}

/** Compares the one object that is asked for, with its comments and its history. Throws WrongInputError where neither side has it. */
export async function compareOne(comparison: LiveComparison, wanted: ChosenObject): Promise<void> {
  const { input, lines, progress } = comparison;
  const [left, right] = [await inBackup(comparison, wanted.id), await onSite(comparison, wanted.id)];
  const places = [left, right].flatMap((side) => (side ? [side.type] : []));
  const isOfKey = wanted.schemaKey === undefined || places.some(({ schema }) => schema.key === wanted.schemaKey);
  if (!isOfKey || !isChosenPlace(input.chosen, ...places)) {
    throw noSuchObject(wanted.text, [input.left, input.right], input.chosen);
  }
  progress.compared = 1;
  progress.expected = 1;
  const objectComparison = new ObjectComparison(input.chosen);
  if (left && !right) {
    await doubtAbsence(comparison, left);
    await tellAbsence(comparison, objectComparison, left);
    return;
  }
  if (left && right && !input.chosen.attributes) sayCountsNotKnown(comparison, left, right);
  const line = objectComparison.line(left, right);
  if (line) await lines.add(line);
  else if (right) lines.same({ schema: right.type.schema.key, type: right.type.path }, 1);
}

function sayCountsNotKnown({ input, progress }: LiveComparison, left: PlacedObject, right: PlacedObject): void {
  const notCompared = new NotCompared();
  for (const kind of activityKinds) {
    if (left.counts?.[kind] === undefined)
      notCompared.add(kind, `${input.left.name} does not know how many there were`);
    else if (right.counts?.[kind] === undefined) notCompared.add(kind, 'the site does not offer them');
  }
  progress.notCompared = notCompared.sentences;
}

async function inBackup(comparison: LiveComparison, id: string): Promise<PlacedObject | undefined> {
  const { shards, input } = comparison;
  for (const { file, typeId } of shards) {
    const object = (await input.source.json<ApiRecord[]>(file)).find((one) => idOf(one) === id);
    if (object) {
      return { object, type: typeOfId(comparison.leftTypes, typeId), counts: await countsInBackup(comparison, id) };
    }
  }
  return undefined;
}

async function countsInBackup({ input }: LiveComparison, id: string): Promise<ActivityCountsOf> {
  for await (const line of input.source.activityLines()) if (line.object === id) return countsIn(line);
  return {};
}

async function onSite(comparison: LiveComparison, id: string): Promise<PlacedObject | undefined> {
  const { reader } = comparison.input;
  const object = await reader.object(id as ObjectId);
  if (!object) return undefined;
  const comments = await reader.comments(id as ObjectId);
  const history = await reader.history(id as ObjectId);
  return {
    object,
    type: typeOfId(comparison.rightTypes, typeIdOf(object) ?? ''),
    counts: { history: history.length, comments: comments.offered ? comments.value.length : undefined },
  };
}

/** Where the site's lists count more than a search shows, the object may be among those that are hidden. */
async function doubtAbsence({ input, progress }: LiveComparison, { type }: PlacedObject): Promise<void> {
  const { reader, live } = input;
  const types = live.existing.get(type.schema.id)?.types.map(({ id }) => id) ?? [];
  const counted = new Map<string, number>();
  await sideBySide(types, inFlight, async (id) => {
    counted.set(id, await reader.countObjects({ objectTypeId: id as ObjectTypeId }));
  });
  progress.doubts = await hiddenObjects(reader, live, {
    schemaIds: new Set([type.schema.id]),
    swept: new Set(types),
    seen: (id) => counted.get(id) ?? 0,
  });
}
