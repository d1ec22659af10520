import type { Command } from 'commander';
import { identityOf } from '../../core/backup-format/manifest.ts';
import { drillRecordKey } from '../../core/drill/drill-keys.ts';
import { backupFacts } from '../../core/report/backup-facts.ts';
import { drillFacts } from '../../core/report/drill-facts.ts';
import { reportKeys } from '../../core/report/report-keys.ts';
import { restoreFacts } from '../../core/report/restore-facts.ts';
import { isRestoreName } from '../../core/restore/restore-keys.ts';
import { readJson } from '../../core/work-store/json-file.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { backupPage } from '../../pages/report/backup-page.ts';
import { drillPage } from '../../pages/report/drill-page.ts';
import { restorePage } from '../../pages/report/restore-page.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { damageEnding, damageField } from '../damage-ending.ts';
import { openFile } from '../open-file.ts';
import { openNamedBackup, realName } from '../open-named-backup.ts';
import type { Place } from '../place.ts';
import type { PlaceOptions } from '../place-options.ts';

interface ReportOptions extends PlaceOptions {
  readonly open?: boolean;
}

export function reportCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'report',
    description:
      'Makes the report of a backup, a restore, an undo, a relink or a drill anew from what is stored: one file of HTML that needs no network and no script, to read, print or send.',
    usage: '<name> (--local DIR | --stack NAME) [--open] [--json]',
    place: 'either',
    details: `Each run leaves its own. With --local that file is written again; with --stack, and where DIR
may only be read, it is made in a private folder of this machine, and that one stays as it is. The
page of a backup goes by manifests and lists: whether its files are whole \`verify\` says.`,
    examples: [
      'report latest --local ./backups --open',
      'report 2026-11-24_03-00-00_1a2b3c4d --local ./backups',
      'report 2026-11-23_02-00-00 --stack AssetsBackup',
    ],
    exitCodes: [0, 1, 2, 10, 13, 15],
  })
    .argument('<name>', 'name of a backup, `latest`, or the name of a restore or a drill as `status` gives it')
    .option('--open', 'shows it in the browser')
    .action(async (given: string, options: ReportOptions, command: Command) => {
      const place = await choosePlace(context, command, options);
      const { kind, name, key, page, damage } = isRestoreName(given)
        ? await ofRestore(context, place, given)
        : await ofBackup(context, place, given);
      const path = await place.keepPage(key, page);
      if (context.output.isJson) context.output.document('report', { [kind]: name, path, ...damageField(damage) });
      else context.output.print(`The report of ${name}: ${path}`);
      if (options.open === true) await openFile(path, context.io.env);
      context.end(damageEnding(context.output, damage));
    });
}

async function ofBackup(context: CommandContext, place: Place, given: string) {
  const name = await realName(context, place, given);
  const manifest = await openNamedBackup(place.backups, name);
  const facts = await backupFacts(servicesOf(context, place), name);
  return {
    kind: 'backup',
    name,
    key: reportKeys(identityOf(manifest)).page,
    page: backupPage(facts),
    damage: facts.damage,
  };
}

/** The name of a drill has the form of a restore's. */
async function ofRestore(context: CommandContext, place: Place, name: string) {
  const services = servicesOf(context, place);
  if (await readJson(place.work, drillRecordKey(name))) {
    const facts = await drillFacts(services, name);
    return { kind: 'drill', name, key: facts.pageKey, page: drillPage(facts), damage: [] };
  }
  const facts = await restoreFacts(services, name);
  return { kind: 'restore', name, key: facts.pageKey, page: restorePage(facts), damage: [] };
}

function servicesOf({ io }: CommandContext, { backups, work }: Place) {
  const clock = { now: () => io.now(), sleep: async () => {} };
  return { backups, work, clock, version: packageFile.version };
}
