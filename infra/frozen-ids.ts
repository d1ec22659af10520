import type { CfnResource } from 'aws-cdk-lib';

/**
 * What holds data, by its logical id. CloudFormation takes a resource whose logical id changes for a new one: an upgrade that
 * changed one of these would leave the backups behind in a bucket that no longer belongs to the stack. Never change one.
 */
export const frozenIds = [
  'Backups',
  'Work',
  'BackupSiteSecret',
  'RestoreSiteSecret',
  'DrillSiteSecret',
  'DataKey',
] as const;

/** Makes the logical id independent of where in the tree the construct stands. */
export function freezeLogicalId(resource: CfnResource, id: (typeof frozenIds)[number]): void {
  resource.overrideLogicalId(id);
}
