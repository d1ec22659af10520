import { join } from 'node:path';
import * as v from 'valibot';
import { messageOf, WrongInputError } from '../../core/errors.ts';
import { isRecord } from '../../core/model/json.ts';
import { activitySettings } from '../../validation/activity.ts';
import { allOf, checked, strictFields } from '../../validation/checked.ts';
import { folderDrillSetting } from '../../validation/drill.ts';
import { hardLinksSetting } from '../../validation/hard-links.ts';
import { issueLinksSetting } from '../../validation/issue-links.ts';
import { keepSetting } from '../../validation/keep.ts';
import { lossAlarmSetting } from '../../validation/loss-alarm.ts';
import { undoDaysSetting } from '../../validation/undo-days.ts';
import { NotAFile, readText } from './regular-file.ts';

const folderSettings = strictFields({
  undoDays: undoDaysSetting,
  hardLinks: hardLinksSetting,
  issueLinks: issueLinksSetting,
  lossAlarm: lossAlarmSetting,
  keep: keepSetting,
  drill: folderDrillSetting,
  ...activitySettings,
});

/** What can be set for a folder of backups. `README.md` says it to whoever runs the command. */
export type FolderSettings = v.InferOutput<typeof folderSettings>;

/** Where nothing is set. */
export const defaultFolderSettings: FolderSettings = v.parse(folderSettings, {});

/** Those in `settings.json` of the folder, where it is there; a default for what it does not say. Throws WrongInputError. */
export async function readFolderSettings(directory: string): Promise<FolderSettings> {
  const file = join(directory, 'settings.json');
  const text = textOf(file);
  const json = text === undefined ? {} : parsed(file, text);
  if (!isRecord(json)) throw new WrongInputError(`${file} must be a JSON object.`);
  return checked(folderSettings, json, (problems) => new WrongInputError(`${file} is wrong: ${allOf(problems)}.`));
}

function textOf(file: string): string | undefined {
  try {
    return readText(file, { links: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    if (error instanceof NotAFile)
      throw new WrongInputError(`${file} ${error.instead}, where a file should be.`, { cause: error });
    throw new WrongInputError(`${file} could not be read: ${messageOf(error)}`);
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw new WrongInputError(`${file} is not valid JSON.`);
  }
}
