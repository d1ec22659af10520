import type { PlaceAnswer } from '../../pages/answers.ts';
import type { BrowsedPlace } from '../browsed-place.ts';
import { NothingThere } from '../faults.ts';
import { OpenedBackups } from '../opened-backups.ts';
import { asked } from '../query.ts';
import { backupAnswer } from './backup-answer.ts';
import { backupsAnswer } from './backups-answer.ts';
import { ChangesAnswers } from './changes-answers.ts';
import { DiffAnswers } from './diff-answers.ts';
import { ImageAnswer } from './image-answer.ts';
import { lifeAnswer } from './life-answer.ts';
import { objectAnswer } from './object-answer.ts';
import { objectsAnswer } from './objects-answer.ts';
import { searchAnswer } from './search-answer.ts';

type Answer = (query: URLSearchParams, gone: AbortSignal) => Promise<object>;

/** What is asked below `/api/`, and who answers it. */
export class Answers {
  readonly #byPath: ReadonlyMap<string, Answer>;
  readonly #opened: OpenedBackups;

  constructor(place: BrowsedPlace) {
    const { name, restoreWords, searchesValues, version, backups } = place;
    const opened = new OpenedBackups(place);
    const changes = new ChangesAnswers(place, opened);
    const diffs = new DiffAnswers(place, opened);
    const openAsked = (query: URLSearchParams) => opened.open(asked(query, 'backup'));
    this.#opened = opened;
    this.#byPath = new Map<string, Answer>([
      ['/api/place', async () => ({ name, restoreWords, searchesValues, version }) satisfies PlaceAnswer],
      ['/api/backups', () => backupsAnswer(place)],
      ['/api/backup', async (query) => backupAnswer(place, await openAsked(query))],
      ['/api/objects', async (query) => objectsAnswer(backups, await openAsked(query), query)],
      ['/api/object', async (query) => objectAnswer(await openAsked(query), query)],
      ['/api/life', async (query) => lifeAnswer(backups, await openAsked(query), query)],
      ['/api/changes', (query) => changes.to(query)],
      ['/api/search', async (query) => searchAnswer(await openAsked(query), query)],
      ['/api/diff', (query, gone) => diffs.to(query, gone)],
      ['/api/icon', async (query) => iconAnswer(opened, query)],
    ]);
  }

  /** Undefined where nobody answers such a path. @param gone aborted when whoever has asked does not wait any more */
  async to(path: string, query: URLSearchParams, gone: AbortSignal): Promise<object | undefined> {
    return this.#byPath.get(path)?.(query, gone);
  }

  close(): Promise<void> {
    return this.#opened.close();
  }
}

/** Throws NothingThere. */
async function iconAnswer(opened: OpenedBackups, query: URLSearchParams): Promise<ImageAnswer> {
  const contents = await opened.contents(asked(query, 'backup'));
  const schema = contents.schemas.find(({ id }) => id === query.get('schema'));
  const icon = schema && (await contents.icon(schema, asked(query, 'icon')));
  if (!icon) throw new NothingThere(`${contents.manifest.name} has no such icon.`);
  return new ImageAnswer(icon.bytes, icon.kind);
}
