/** Which backups are kept, besides those that have to be: each number is one of backups, of `within` one of days. */
export interface KeepRules {
  readonly last: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  readonly yearly: number;
  /** All that are not older than so many days. */
  readonly within: number;
}
