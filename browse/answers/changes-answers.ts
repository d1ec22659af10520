import { changesByType } from '../../core/report/type-changes.ts';
import type { ChangesAnswer } from '../../pages/answers.ts';
import type { BrowsedPlace } from '../browsed-place.ts';
import type { OpenedBackups } from '../opened-backups.ts';
import { asked } from '../query.ts';

/** Pairs of backups whose changes are kept: a few numbers each. */
const mostKept = 100;

/** What changed from one backup to the next, for a time line: each pair is looked through once. */
export class ChangesAnswers {
  readonly #place: BrowsedPlace;
  readonly #opened: OpenedBackups;
  readonly #made = new Map<string, Promise<ChangesAnswer>>();

  constructor(place: BrowsedPlace, opened: OpenedBackups) {
    this.#place = place;
    this.#opened = opened;
  }

  /** Throws DamagedBackupError. */
  to(query: URLSearchParams): Promise<ChangesAnswer> {
    const [left, right] = [asked(query, 'left'), asked(query, 'right')];
    const name = JSON.stringify([left, right]);
    const answer = this.#made.get(name) ?? this.#compare(left, right);
    this.#made.set(name, answer);
    answer.catch(() => this.#made.delete(name));
    const [oldest] = this.#made.keys();
    if (this.#made.size > mostKept && oldest !== undefined) this.#made.delete(oldest);
    return answer;
  }

  async #compare(left: string, right: string): Promise<ChangesAnswer> {
    const [before, after] = [await this.#opened.manifest(left), await this.#opened.manifest(right)];
    const { types, counts } = await changesByType(this.#place.backups, before, after);
    return { left, right, types, counts };
  }
}
