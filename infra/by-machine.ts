/** Something that each machine of a stack has: its ARN, its secret. The drill's is only there where a drill is set. */
export interface ByMachine<T> {
  readonly backup: T;
  readonly restore: T;
  readonly drill: T | undefined;
}
