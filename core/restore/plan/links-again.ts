import { type ApiRecord, textOf } from '../../model/json.ts';
import type { LinkedAgain } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { type ListWriter, workList } from '../../work-store/list-writer.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import type { Judgement } from '../values/judge-object.ts';

/** References of objects that survived, to objects that are made anew: listed in files, and counted by schema. */
export class LinksAgain {
  readonly #lines: ListWriter<string>;
  readonly #schemas = new Map<string, { references: number; objects: Set<string> }>();

  constructor(work: WorkStore, keys: RestoreKeys) {
    this.#lines = workList(work, keys.plannedLinks);
  }

  get files(): readonly string[] {
    return this.#lines.files;
  }

  get counted(): LinkedAgain {
    const schemas = [...this.#schemas].map(([key, { references, objects }]) => ({
      key,
      references,
      objects: objects.size,
    }));
    return {
      references: schemas.reduce((sum, { references }) => sum + references, 0),
      objects: schemas.reduce((sum, { objects }) => sum + objects, 0),
      schemas,
    };
  }

  async add(object: ApiRecord, { attribute, missing }: Judgement): Promise<void> {
    const where = textOf(object.objectKey) ?? String(object.id);
    const key = where.slice(0, Math.max(0, where.lastIndexOf('-')));
    const schema = this.#schemas.get(key) ?? { references: 0, objects: new Set() };
    this.#schemas.set(key, schema);
    schema.references += missing.length;
    schema.objects.add(where);
    for (const { key: refersTo } of missing) {
      await this.#lines.add({ source: String(object.id), where, attribute: attribute.attribute.name, refersTo });
    }
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}
