import { activityKinds } from '../model/activity.ts';
import type { TreeFile } from './script-tree.ts';

/** Files of configuration of a schema, by the names that the scripts give them. */
export const scriptsConfigFiles = [
  'objectschema',
  'objectschema_properties',
  'objecttypes',
  'global_referencetypes',
  'global_statustypes',
  'referencetypes',
  'statustypes',
] as const;
export type ScriptsConfigFile = (typeof scriptsConfigFiles)[number];

/** Folders with a file for each object type, and with one for each object. */
export type TypeFolder = 'attributes' | 'objects' | 'objectsmeta';
export type ObjectFolder = (typeof activityKinds)[number];

/** The files of a schema. */
export interface SchemaFiles {
  /** The name of its folder, which is its key as far as a disk takes that. */
  readonly folder: string;
  readonly config: ReadonlyMap<ScriptsConfigFile, string>;
  /** Paths by the names of the files, which the attributes and the objects of a type have in common. */
  readonly ofTypes: Readonly<Record<TypeFolder, ReadonlyMap<string, string>>>;
  /** Paths by the names of the files, which are ids of objects. */
  readonly ofObjects: Readonly<Record<ObjectFolder, ReadonlyMap<string, string>>>;
}

export interface ScriptLayout {
  readonly schemaList: string | undefined;
  readonly schemas: readonly SchemaFiles[];
  /** Files that the layout does not know, and those that are none. */
  readonly unknown: readonly TreeFile[];
  readonly unreadable: readonly (TreeFile & { readonly problem: string })[];
}

/** Sorts the files of a backup of the scripts by what they are. */
export function layoutOf(files: readonly TreeFile[]): ScriptLayout {
  const schemas = new Map<string, GrowingSchema>();
  const unknown: TreeFile[] = [];
  const unreadable: (TreeFile & { problem: string })[] = [];
  let schemaList: string | undefined;
  for (const file of files) {
    const { path, problem } = file;
    if (isOfSystem(path)) continue;
    if (problem !== undefined) unreadable.push({ ...file, problem });
    else if (path === 'config/objectschemas.json') schemaList = path;
    else if (!addTo(schemas, path)) unknown.push(file);
  }
  return { schemaList, schemas: [...schemas.values()], unknown, unreadable };
}

interface GrowingSchema extends SchemaFiles {
  readonly config: Map<ScriptsConfigFile, string>;
  readonly ofTypes: Record<TypeFolder, Map<string, string>>;
  readonly ofObjects: Record<ObjectFolder, Map<string, string>>;
}

function addTo(schemas: Map<string, GrowingSchema>, path: string): boolean {
  const [folder = '', ...below] = path.split('/');
  const name = /^(.+)\.json$/i.exec(below.at(-1) ?? '')?.[1];
  const place = below.slice(0, -1).join('/');
  if (name === undefined || !places.has(place)) return false;
  const schema = schemas.get(folder) ?? emptySchema(folder);
  schemas.set(folder, schema);
  if (place === 'config') {
    const known = scriptsConfigFiles.find((file) => file === name);
    if (known !== undefined) schema.config.set(known, path);
    return known !== undefined;
  }
  const kind = activityKinds.find((one) => place === `objects/${one}`);
  if (kind !== undefined) schema.ofObjects[kind].set(name, path);
  else schema.ofTypes[typeFolders[place] ?? 'objects'].set(name, path);
  return true;
}

const typeFolders: Readonly<Record<string, TypeFolder>> = {
  'config/attributes': 'attributes',
  objects: 'objects',
  objectsmeta: 'objectsmeta',
};
const places: ReadonlySet<string> = new Set([
  'config',
  ...Object.keys(typeFolders),
  ...activityKinds.map((kind) => `objects/${kind}`),
]);

const emptySchema = (folder: string): GrowingSchema => ({
  folder,
  config: new Map(),
  ofTypes: { attributes: new Map(), objects: new Map(), objectsmeta: new Map() },
  ofObjects: { history: new Map(), comments: new Map() },
});

/** What systems leave in folders that they look into, or pack. */
export function isOfSystem(path: string): boolean {
  return path.split('/').some((name) => /^(?:\.ds_store|thumbs\.db|desktop\.ini|__macosx|\._.*)$/i.test(name));
}
