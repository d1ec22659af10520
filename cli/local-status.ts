import { finishedBy } from '../core/backup/finish-records.ts';
import { listBackups } from '../core/backup-format/open-backup.ts';
import { drillRecords } from '../core/drill/drill-record.ts';
import { NoSuchBackupError } from '../core/errors.ts';
import type { DrillRecord } from '../core/model/drill.ts';
import { restoreInputOf } from '../core/model/restore.ts';
import { describeLastGood, type LastGoodBackup } from '../core/operations/last-good-backup.ts';
import { latestBackup } from '../core/operations/latest-backup.ts';
import { readableMoment } from '../core/readable.ts';
import type { ListedRestore } from '../core/restore/list-restores.ts';
import { runsUnderWay } from '../core/runs/site-lock.ts';
import { shellCommand, shellWord } from '../core/shell-word.ts';
import { localRestores } from '../local/local-restores.ts';
import { localRoot } from '../local/local-root.ts';
import { lastLoggedRuns } from '../local/run-logs.ts';
import packageFile from '../package.json' with { type: 'json' };
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { type FolderStatus, folderStatusReport } from './output/folder-status-report.ts';
import { type RestoreLine, restoresReport } from './output/restores-report.ts';
import type { Place } from './place.ts';
import { optionsOf, sameCommand } from './restore-options.ts';

/** A restore does not keep whose login it had: the line names a file that a person has. */
const siteFile = 'target.json';

const shownRuns = 5;

/**
 * `status` of a folder: its last runs, its last good backup, what is no backup; its restores and undos, and how those go on that are not at
 * their end. Gives the exit code, which says whether all could be read.
 */
export async function showLocalStatus({ output, io }: CommandContext, place: Place): Promise<ExitCode> {
  const status = await statusOfFolder(place, io.now());
  const { restores, damaged } = await localRestores(place.work);
  const drill = (await drillRecords(place.work)).at(-1) ?? null;
  const exitCode = damaged.length > 0 ? 15 : 0;
  const lines = restores.map((restore) => ({ restore, next: isOpen(restore) ? lineOf(restore, place) : null }));
  if (output.isJson) {
    output.document('status', {
      ...place.fields,
      ...status,
      ...{ restores: lines.map(asDocument), drill, damaged, exitCode },
    });
    return exitCode;
  }
  output.print(`${folderStatusReport(status, { place, now: io.now() })}\n`);
  if (lines.length + damaged.length > 0) {
    output.print(restoresReport(lines, damaged, { place: place.name, siteFile }));
  } else {
    output.print(`There are no restores in ${place.name}.`);
  }
  if (drill && !output.isJson) output.print(`\n${drillLine(drill, place)}`);
  return exitCode;
}

async function statusOfFolder(place: Place, now: number): Promise<FolderStatus> {
  const { lastGoodBackup, remarks } = await lastGood(place, now);
  const running = await runsUnderWay(place);
  const logged = await lastLoggedRuns(localRoot(place.fields.directory ?? place.name).root, shownRuns);
  const all = await Array.fromAsync(listBackups(place.backups));
  const notWhole = all.flatMap((one) =>
    one.state === 'finished' || one.state === 'original-scripts'
      ? []
      : [{ backup: one.name, state: one.state, reason: one.reason }],
  );
  return {
    programVersion: packageFile.version,
    lastGoodBackup,
    remarks,
    running,
    // A log without an end is of a run that goes on, or was killed: its lock knows.
    executions: logged.map(({ executionId, ...run }) =>
      run.status === 'RUNNING' && !running.some(({ holder }) => holder.executionId === executionId)
        ? { ...run, status: 'ABORTED' }
        : run,
    ),
    notWhole,
  };
}

async function lastGood(
  place: Place,
  now: number,
): Promise<{ readonly lastGoodBackup: LastGoodBackup | null; readonly remarks: readonly string[] }> {
  try {
    const { manifest, suspicions } = await latestBackup(place, now);
    const isRecorded = (await finishedBy(place.work, { name: manifest.name, manifest })) !== undefined;
    return { lastGoodBackup: await describeLastGood(place.work, manifest, isRecorded), remarks: suspicions };
  } catch (error) {
    if (!(error instanceof NoSuchBackupError)) throw error;
    return { lastGoodBackup: null, remarks: [] };
  }
}

function drillLine({ drill, backup, siteName, startedAt, ended }: DrillRecord, place: Place): string {
  const again = shellCommand('drill', ...place.words, '--site', 'drill.json');
  const of = `Last drill: ${drill}, of ${backup}, on ${siteName}`;
  if (!ended)
    return `${of}, began ${readableMoment(startedAt)} and has not ended: it runs, or was killed. What it has left the next one removes: ${again}`;
  const how = { passed: 'passed', 'differences-found': 'found differences', failed: 'failed' }[ended.outcome];
  return `${of}, ${how} ${readableMoment(ended.at)}: ${ended.message}`;
}

/** Whether there is something left that the same line again would do, or say. */
function isOpen({ state, outcome, goneOnBy, undoneBy }: ListedRestore): boolean {
  if (goneOnBy !== null || undoneBy !== null) return false;
  return state === 'waiting' || state === 'interrupted' || (state === 'finished' && outcome !== 'restored');
}

function lineOf(restore: ListedRestore, place: Place): string {
  const { name, asked, state, hash } = restore;
  const approval = state === 'waiting' && hash !== null ? ['--approve', hash] : [];
  if ('undo' in asked) return shellCommand('undo', asked.undo, ...place.words, '--site', siteFile, ...approval);
  const options = { ...optionsOf(asked, (key) => place.addressOfWork(key)), site: siteFile };
  const line = sameCommand('restore', asked.backup, place.words, options, ...approval);
  if (options.input === undefined) return line;
  // The document of this very command has what was asked.
  const input = `.restores[] | select(.name == "${name}") | .input`;
  return `${shellCommand('status', ...place.words, '--json')} | jq ${shellWord(input)} > ${options.input} && ${line}`;
}

function asDocument({ restore: { asked, ...restore }, next }: RestoreLine) {
  const isUndo = 'undo' in asked;
  const again = { dryRun: false, approve: null };
  return {
    ...restore,
    kind: isUndo ? 'undo' : 'restore',
    backup: isUndo ? null : asked.backup,
    undo: isUndo ? asked.undo : null,
    input: isUndo ? { ...asked, ...again } : restoreInputOf({ ...asked, ...again }),
    next,
  };
}
