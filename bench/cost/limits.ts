import { defaultSearchLagMilliseconds } from '../../core/ports/services.ts';
import { pageSize } from '../../core/reading/page-sweep.ts';
import { functionNeeds } from '../../functions/function-needs.ts';
import { type StepFile, stepName } from '../../functions/step-list.ts';
import { assumedSeconds } from './assumed-seconds.ts';
import { activityHours } from './convergence.ts';
import type { RunKind } from './counts.ts';
import { timeoutSeconds } from './definitions.ts';
import { foretold } from './foretold.ts';
import { markdownTable, written } from './markdown-table.ts';
import { measuredBytes } from './measured-bytes.ts';
import { evenSite, type SiteShape } from './site-shape.ts';

/** The sizes at which a limit is reached that somebody's site could have, by the assumptions of the formula. */
export function limitsTable(): string {
  const { backup, restore } = timeoutSeconds;
  const reading = activityHours * 3_600;
  const [finish, plan] = [secondsOf('finish-backup'), secondsOf('plan-restore')];
  const lookedAt = (plan - assumedSeconds.start - defaultSearchLagMilliseconds / 1000) / assumedSeconds.page;
  return markdownTable(
    ['what', 'limit', 'reached at about'],
    [
      [
        'all history and comments in the first night',
        hours(reading),
        `${sizeAt(reading, untilRead('first night'))}; more takes several nights`,
      ],
      [
        'a night that reads what has changed, and its share',
        hours(reading),
        `${sizeAt(reading, untilRead('night'))}; with more it stays behind`,
      ],
      [
        'the plan of history and comments: memory',
        `${planActivityMegabytes.toLocaleString('en-US')} MB, half of it V8's heap`,
        objects((planActivityMegabytes * 2 ** 20) / 2 / measuredBytes.plannedObject),
      ],
      ['a backup, whatever becomes of history and comments', hours(backup), sizeAt(backup, runSeconds('bare night'))],
      [
        'the end of a backup: manifest, references, counts',
        oneInvocation(finish),
        sizeAt(finish, stepSeconds('night', 'finish-backup')),
      ],
      ['a restore to an empty site', hours(restore), sizeAt(restore, runSeconds('restore'))],
      [
        'the plan of a restore, once the target is read',
        oneInvocation(plan),
        sizeAt(plan, stepSeconds('restore', 'plan-restore')),
      ],
      [
        'a new start after lost answers to creates: reading their types',
        oneInvocation(plan),
        `${objects(lookedAt * (pageSize - 1))} of such types`,
      ],
    ],
  );
}

const { memoryMegabytes: planActivityMegabytes } = functionNeeds['plan-activity'];

type SecondsOf = (site: SiteShape) => number;

const runSeconds =
  (kind: RunKind): SecondsOf =>
  (site) =>
    foretold(kind, site).seconds;

/** Until the last object's activity is read: the end of the night comes after it. */
const untilRead =
  (kind: RunKind): SecondsOf =>
  (site) =>
    runSeconds(kind)(site) - stepSeconds(kind, 'finish-backup')(site);

const stepSeconds =
  (kind: RunKind, file: StepFile): SecondsOf =>
  (site) =>
    foretold(kind, site).steps[stepName(file)]?.seconds ?? Number.NaN;

/** Objects of the largest site whose run ends in time. */
function sizeAt(seconds: number, secondsFor: SecondsOf): string {
  const takesTooLong = (thousands: number) =>
    secondsFor(evenSite({ objects: thousands * 1_000, schemas: 30, types: 600 })) > seconds;
  let [least, most] = [1, 100_000];
  if (!takesTooLong(most)) return `more than ${objects(most * 1_000)}`;
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    if (takesTooLong(middle)) most = middle;
    else least = middle;
  }
  return objects(least * 1_000);
}

const secondsOf = (file: StepFile) => functionNeeds[file].minutes * 60;
const oneInvocation = (seconds: number) => `${seconds / 60} minutes, one invocation`;
const hours = (seconds: number) => `${seconds / 3_600} hours`;
const objects = (count: number) => `${written(count)} objects`;
