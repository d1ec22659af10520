import type { Issue, IssueField } from './issue-records.ts';

/** An issue as it was from some moment on; undefined from its deletion on. */
interface Version {
  readonly atMs: number;
  readonly issue: Issue | undefined;
}

/** The issues of a site and its Assets fields. Values are changed here, so that search and objects hear of it. */
export class IssueStore {
  readonly fields = new Map<number, IssueField>();
  readonly #issues = new Map<number, Issue>();
  readonly #versions = new Map<number, Version[]>();
  readonly #byObject = new Map<string, Set<number>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#issues.size;
  }

  all(): IterableIterator<Issue> {
    return this.#issues.values();
  }

  get(id: number): Issue | undefined {
    return this.#issues.get(id);
  }

  /** By id, by key, or by a key that it had before it was moved; case means nothing in keys. */
  find(idOrKey: string): Issue | undefined {
    if (/^\d+$/.test(idOrKey)) return this.#issues.get(Number(idOrKey));
    const wanted = idOrKey.toUpperCase();
    const all = [...this.#issues.values()];
    return all.find(({ key }) => key === wanted) ?? all.find(({ formerKeys }) => formerKeys.includes(wanted));
  }

  add(issue: Issue): void {
    this.#issues.set(issue.id, issue);
    for (const ids of issue.values.values()) this.#connect(issue, ids);
    this.changed(issue);
  }

  delete(issue: Issue): void {
    this.#issues.delete(issue.id);
    this.#remember(issue.id, undefined);
  }

  setValues(issue: Issue, fieldId: number, objectIds: readonly string[]): void {
    if (objectIds.length > 0) issue.values.set(fieldId, objectIds);
    else issue.values.delete(fieldId);
    this.#connect(issue, objectIds);
    this.changed(issue);
  }

  /** To be called after anything but a value was changed. */
  changed(issue: Issue): void {
    this.#remember(issue.id, { ...issue, values: new Map(issue.values) });
  }

  /** Issues in which some field holds an object, also one that is gone. */
  withObject(objectId: number): Issue[] {
    const ids = this.#byObject.get(String(objectId)) ?? [];
    const holds = (issue: Issue) => [...issue.values.values()].some((list) => list.includes(String(objectId)));
    return [...ids].flatMap((id) => this.#issues.get(id) ?? []).filter(holds);
  }

  /** The issues as a search shows them whose index is late by so many milliseconds. Not to be changed. */
  searched(lagMs: number): readonly Issue[] {
    if (lagMs === 0) return [...this.#issues.values()];
    const newestMs = this.#now() - lagMs;
    return [...this.#versions.values()].flatMap(
      (versions) => versions.findLast(({ atMs }) => atMs <= newestMs)?.issue ?? [],
    );
  }

  #remember(id: number, issue: Issue | undefined): void {
    const versions = this.#versions.get(id) ?? [];
    this.#versions.set(id, versions);
    versions.push({ atMs: this.#now(), issue });
  }

  /** Never taken back: an object that an issue has let go is sorted out when it is asked for. */
  #connect({ id }: Issue, objectIds: readonly string[]): void {
    for (const objectId of objectIds) {
      const issues = this.#byObject.get(objectId) ?? new Set();
      this.#byObject.set(objectId, issues);
      issues.add(id);
    }
  }
}
