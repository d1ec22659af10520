import type { EventMetric } from '../../adapters/aws/lambda-reporter.ts';
import { metricNames } from '../environment.ts';

/** Which numbers of which events become metrics. Alarms and the dashboard name the same metrics. */
export const eventMetrics: readonly EventMetric[] = [
  { event: 'backup.finished', field: 'counts', metric: metricNames.backupStored, unit: 'Count' },
  { event: 'backup.finished', field: 'objects', metric: metricNames.objectsStored, unit: 'Count' },
  { event: 'backup.finished', field: 'gaps', metric: metricNames.gaps, unit: 'Count' },
  { event: 'backup.finished', field: 'suspicions', metric: metricNames.suspicions, unit: 'Count' },
  {
    event: 'backup.finished',
    field: 'objectsLostSinceLast',
    metric: metricNames.objectsLostSinceLast,
    unit: 'Count',
  },
  {
    event: 'backup.finished',
    field: 'objectsLostSinceWeek',
    metric: metricNames.objectsLostSinceWeek,
    unit: 'Count',
  },
  {
    event: 'backup.finished',
    field: 'objectsLostSinceMonth',
    metric: metricNames.objectsLostSinceMonth,
    unit: 'Count',
  },
  {
    event: 'backup.finished',
    field: 'oldestActivityDays',
    metric: metricNames.oldestActivityDays,
    unit: 'Count',
  },
  { event: 'backup.watched', field: 'recentBackup', metric: metricNames.recentBackup, unit: 'Count' },
  { event: 'backup.watched', field: 'hoursSinceBackup', metric: metricNames.hoursSinceBackup, unit: 'Count' },
  {
    event: 'backup.watched',
    field: 'daysUntilTokenExpires',
    metric: metricNames.daysUntilTokenExpires,
    unit: 'Count',
  },
  { event: 'restore.finished', field: 'losses', metric: metricNames.losses, unit: 'Count' },
  { event: 'restore.finished', field: 'differences', metric: metricNames.differences, unit: 'Count' },
  { event: 'drill.finished', field: 'passed', metric: metricNames.drillPassed, unit: 'Count' },
  { event: 'drill.finished', field: 'objects', metric: metricNames.drillObjects, unit: 'Count' },
  { event: 'drill.finished', field: 'differences', metric: metricNames.drillDifferences, unit: 'Count' },
  { event: 'drill.finished', field: 'notCovered', metric: metricNames.drillNotCovered, unit: 'Count' },
  { event: 'drill.finished', field: 'minutes', metric: metricNames.drillMinutes, unit: 'Count' },
  { event: 'drill.watched', field: 'recentDrill', metric: metricNames.recentDrill, unit: 'Count' },
  { event: 'drill.watched', field: 'hoursSinceDrill', metric: metricNames.hoursSinceDrill, unit: 'Count' },
];
