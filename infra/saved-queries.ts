import { Stack } from 'aws-cdk-lib';
import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/**
 * Questions to the logs of all functions, as they stand in the console. They ask for the events of core/ports/reporter.ts,
 * whose names stay, and never for the words of a message.
 */
const queries: Readonly<Record<string, string>> = {
  'What failed': `fields @timestamp, step, error, message
| filter event = "step.failed"
| sort @timestamp desc`,
  'Steps of a run': `fields @timestamp, event, step, milliseconds
| filter event in ["step.started", "step.completed", "step.failed"]
| sort @timestamp desc`,
  'Gaps in backups': `fields @timestamp, kind, schemaKey, objectTypeId, objectId, error
| filter event = "export.gap"
| sort @timestamp desc`,
  'Notices of backups': `fields @timestamp, event, kind, schemaKey, what, reason
| filter event in ["export.notice", "export.not-offered", "export.restarted-sweep", "backup.not-needed"]
| sort @timestamp desc`,
  'Finished backups': `fields @timestamp, backup, status, objects, gaps, suspicions, objectsLostSinceLast, objectsLostSinceWeek, objectsLostSinceMonth, oldestActivityDays
| filter event = "backup.finished"
| sort @timestamp desc`,
  'Pruned backups': `fields @timestamp, event, backup, files, bytes, objects, status, notKeptBy, kept, deleted, left, heldBack
| filter event in ["backup.pruned", "pruning.finished"]
| sort @timestamp desc`,
  'Finished drills': `fields @timestamp, drill, backup, passed, objects, differences, notCovered, minutes
| filter event = "drill.finished"
| sort @timestamp desc`,
  'Waits for the rate limit': `filter event = "rate-limit.waited"
| stats count() as waits, sum(seconds) as waited by bin(1h), service`,
  'Losses of restores': `fields @timestamp, kind, source, values
| filter event in ["restore.loss", "write.refused", "restore.difference"]
| sort @timestamp desc`,
  'Who held the lock': `fields @timestamp, event, kind, executionId
| filter event in ["run.locked", "run.unlocked"]
| sort @timestamp desc`,
};

export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { logGroups }: { readonly logGroups: readonly ILogGroup[] }) {
    super(scope, id);
    for (const [title, queryString] of Object.entries(queries)) {
      new CfnQueryDefinition(this, title.replaceAll(' ', ''), {
        // A folder a stack, by whose name two stacks are told apart.
        name: `${Stack.of(this).stackName}/${title}`,
        logGroupNames: logGroups.map(({ logGroupName }) => logGroupName),
        queryString,
      });
    }
  }
}
