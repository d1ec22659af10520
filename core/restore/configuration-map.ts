/** Which thing of the target each thing of the source is, by source ids. What could not be made is missing. */
export interface ConfigurationMap {
  readonly schemas: Record<string, string>;
  readonly statusTypes: Record<string, string>;
  readonly referenceTypes: Record<string, string>;
  readonly icons: Record<string, string>;
  readonly types: Record<string, MappedType>;
  readonly attributes: Record<string, string>;
  /** What has been gone through, made or lost: kind and source id. */
  readonly settled: Record<string, true>;
  /** Whether all of it has. */
  isComplete: boolean;
}

export interface MappedType {
  readonly target: string;
  readonly schema: string;
}

export const emptyMap = (): ConfigurationMap => ({
  schemas: {},
  statusTypes: {},
  referenceTypes: {},
  icons: {},
  types: {},
  attributes: {},
  settled: {},
  isComplete: false,
});
