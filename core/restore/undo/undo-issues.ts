import type { RestoreRun } from '../../model/restore.ts';
import type { Staying } from '../../model/undo.ts';
import type { Services } from '../../ports/services.ts';
import { sideBySide } from '../../side-by-side.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { type FieldToWrite, FieldWriter } from '../issues/field-writer.ts';
import type { WrittenField } from '../issues/issue-journal.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import { goneBefore, type OwnLinks, stayingField } from './own-links.ts';

/** Issues that are looked at together just before they are written to: few, so that little happens in between. */
const issuesAGroup = 20;

/** Sets fields of issues back to what stood there before a restore, where they are as it left them. */
export class IssueUndoer {
  readonly #links: OwnLinks;
  readonly #reader: ReturnType<Services['site']['issuesReader']>;
  readonly #writer: ReturnType<Services['site']['issuesWriter']>;
  readonly #fields: FieldWriter;

  constructor({ site, budget }: Pick<Services, 'site' | 'budget'>, { workspace }: RestoreRun, links: OwnLinks) {
    this.#links = links;
    this.#reader = site.issuesReader(workspace, budget);
    this.#writer = site.issuesWriter(workspace, budget);
    this.#fields = new FieldWriter(this.#reader, this.#writer, workspace.workspaceId);
  }

  /** What stays is connected to its objects still. */
  async setBack(
    fields: readonly WrittenField[],
  ): Promise<{ readonly setBack: WrittenField[]; readonly stays: Staying[] }> {
    const setBack: WrittenField[] = [];
    const stays: Staying[] = [];
    const issues = [...Map.groupBy(fields, ({ issue }) => issue).values()];
    for (let at = 0; at < issues.length; at += issuesAGroup) {
      const group = issues.slice(at, at + issuesAGroup).flat();
      const looked = await this.#links.look(this.#reader, group);
      stays.push(...looked.stays);
      for (const { issue } of group) this.#links.know(issue, []);
      this.#links.knowAll(looked.ours);
      const changes = new Map<FieldToWrite, WrittenField>();
      for (const field of looked.toSetBack) {
        const seen = looked.seen.get(field.issue);
        const change = { ...field, before: field.after, after: field.before, gone: goneBefore(field) };
        if (seen) changes.set({ field: change, seen }, field);
      }
      for (const [change, reason] of await this.#fields.write([...changes.keys()])) {
        const field = changes.get(change);
        if (!field) continue;
        if (reason === null) setBack.push(field);
        else {
          stays.push(stayingField(field, reason));
          this.#links.know(field.issue, []);
        }
      }
    }
    return { setBack, stays };
  }

  async record(work: Services['work'], keys: RestoreKeys): Promise<void> {
    await sideBySide([this.#reader, this.#writer], 2, (one) => recordRequests(work, keys.allRequests, one));
  }
}
