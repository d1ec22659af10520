import type { PlaceAnswer } from '../../pages/answers.ts';
import type { BrowsedPlace } from '../browsed-place.ts';
import { backupsAnswer } from './backups-answer.ts';

type Answer = (query: URLSearchParams, gone: AbortSignal) => Promise<object>;

/** What is asked below `/api/`, and who answers it. */
export class Answers {
  readonly #byPath: ReadonlyMap<string, Answer>;

  constructor(place: BrowsedPlace) {
    const { name, restoreWords, searchesValues, version } = place;
    this.#byPath = new Map<string, Answer>([
      ['/api/place', async () => ({ name, restoreWords, searchesValues, version }) satisfies PlaceAnswer],
      ['/api/backups', () => backupsAnswer(place)],
    ]);
  }

  /** Undefined where nobody answers such a path. @param gone aborted when whoever has asked does not wait any more */
  async to(path: string, query: URLSearchParams, gone: AbortSignal): Promise<object | undefined> {
    return this.#byPath.get(path)?.(query, gone);
  }

  async close(): Promise<void> {}
}
