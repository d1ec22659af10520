/**
 * What the stack tells its functions, in environment variables, and what it tells the command line, in its outputs.
 * Imports nothing, because infrastructure reads it too. None of these is a secret.
 */
export const environment = {
  backupsBucket: 'BACKUPS_BUCKET',
  workBucket: 'WORK_BUCKET',
  /** Id of the account that both belong to. */
  bucketOwner: 'BUCKET_OWNER',
  /** ARN of the secret with the site's settings; missing where a function does not log in. */
  siteSecret: 'SITE_SECRET',
  /** Requests a minute, as JSON: `BudgetSettings` of core/model/request-budget.ts. The secret's own `requestBudget` wins. */
  requestBudget: 'REQUEST_BUDGET',
  /** Workers side by side in the backup's maps, as JSON: `Concurrency` of core/model/concurrency.ts. */
  concurrency: 'CONCURRENCY',
  /** When those who watch the backups are told, as JSON: `WatchedBackups` of core/ports/services.ts. */
  watched: 'WATCHED_BACKUPS',
  /** For how many days before-images are kept. */
  undoDays: 'UNDO_DAYS',
  /** How nights go about history and comments, as JSON: `ActivitySettings` of core/model/activity.ts. */
  activity: 'ACTIVITY',
  /** Whether backups read which issues hold which objects: `true` or `false`. */
  issueLinks: 'ISSUE_LINKS',
  /** From when on a backup is suspicious, as JSON: `LossAlarmSettings` of core/model/loss-alarm.ts. */
  lossAlarm: 'LOSS_ALARM',
  /** Which backups are kept, as JSON: `KeepRules` of core/model/keep.ts, or null. */
  keep: 'KEEP',
  /** How a drill goes about it, as JSON: `DrillChoices` of core/model/drill.ts; missing where none is made. */
  drill: 'DRILL',
  /** When the next backup starts, as JSON: `ScheduledTimes` of functions/runtime/scheduled-start.ts. */
  schedule: 'SCHEDULE',
  /** Name of the stack: the dimension of its metrics, and the `--stack` that messages name. */
  stackName: 'STACK_NAME',
} as const;

/** Namespace of the metrics that functions write; their one dimension is `Stack`. */
export const metricNamespace = 'AssetsBackup';

/** Metrics that functions write by embedded metric format: names for alarms and the dashboard. */
export const metricNames = {
  /** 1 for each backup that counts (complete, or with gaps in activity only). */
  backupStored: 'BackupStored',
  objectsStored: 'ObjectsStored',
  /** Things that a backup could not read, and that its manifest names. */
  gaps: 'Gaps',
  /** What is suspicious about a backup: objects fewer, something gone, many edited. */
  suspicions: 'Suspicions',
  /** Objects that a backup has fewer than the last one that is not suspicious, and than those 7 and 30 days older; 0 where it has as many. */
  objectsLostSinceLast: 'ObjectsLostSinceLast',
  objectsLostSinceWeek: 'ObjectsLostSinceWeek',
  objectsLostSinceMonth: 'ObjectsLostSinceMonth',
  /** Of all history and comments in a backup, how long ago the site gave the oldest. */
  oldestActivityDays: 'OldestActivityDays',
  /** Every hour: 1 where a backup that counts was finished within `alarmAfterHours`, otherwise 0. */
  recentBackup: 'RecentBackup',
  hoursSinceBackup: 'HoursSinceBackup',
  /** Every hour, where the secret says when the token expires. */
  daysUntilTokenExpires: 'DaysUntilTokenExpires',
  losses: 'Losses',
  differences: 'Differences',
  /** 1 for a drill in which nothing differed, otherwise 0. */
  drillPassed: 'DrillPassed',
  drillObjects: 'DrillObjects',
  drillDifferences: 'DrillDifferences',
  /** Entries of what a drill could not try. */
  drillNotCovered: 'DrillNotCovered',
  drillMinutes: 'DrillMinutes',
  /** Every hour, where drills are made: 1 where one passed within the time of its schedule, otherwise 0. */
  recentDrill: 'RecentDrill',
  hoursSinceDrill: 'HoursSinceDrill',
} as const;

/** Keys of the stack's outputs, by which the command line finds everything. */
export const stackOutputs = {
  /** Version of the program that was deployed. */
  version: 'Version',
  backupsBucket: 'BackupsBucket',
  workBucket: 'WorkBucket',
  backupMachine: 'BackupStateMachine',
  restoreMachine: 'RestoreStateMachine',
  backupSecret: 'BackupSecret',
  restoreSecret: 'RestoreSecret',
  /** Name of the function behind `assets-backup doctor`. */
  checkSetupFunction: 'CheckSetupFunction',
  /** Name of the function behind `assets-backup diff --live`. */
  diffFunction: 'DiffFunction',
  /** Name of the nightly schedule, in its default group. */
  schedule: 'BackupSchedule',
} as const;

/** Keys of outputs that a stack has only where its settings ask for what they name, or that came later than others. */
export const optionalOutputs = {
  /** Name of the function behind `assets-backup prune`, where `keep` is set. */
  pruneFunction: 'PruneBackupsFunction',
  /** ARN of the topic to which alarms go. */
  alarmTopic: 'AlarmTopicArn',
  drillMachine: 'DrillStateMachine',
  drillSecret: 'DrillSecret',
  /** Name of the drill's schedule, in its default group. */
  drillSchedule: 'DrillSchedule',
  /** Name of the function by which `assets-backup doctor` tries the drill's login. */
  checkDrillFunction: 'CheckDrillFunction',
} as const;
