/** An Assets field of Jira's issues, and what of it is stored. */
export interface ManifestIssueField {
  /** `customfield_10100` */
  readonly id: string;
  /** Not unique. */
  readonly name: string;
  /** Issues in which it holds something; null where they could not be read. */
  readonly issues: number | null;
  /** Objects in them, each once for each issue. */
  readonly links: number;
  /** Keys of its files, shard by shard. */
  readonly files: readonly string[];
}
