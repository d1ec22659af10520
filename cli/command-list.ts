import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';

/** What the list of commands shows of one, and what makes it. */
export interface ListedCommand {
  readonly name: string;
  readonly summary: string;
  /** Its arguments, as the list shows them. */
  readonly words?: string;
  /** Loads it with all that it needs: what the others need is not loaded. */
  load(): Promise<(context: CommandContext) => Command>;
}

/** In the order of the list. */
export const commandList: readonly ListedCommand[] = [
  {
    name: 'backup',
    summary: 'back up a site, here or in a stack',
    load: async () => (await import('./commands/backup.ts')).backupCommand,
  },
  {
    name: 'list',
    summary: 'list the backups',
    load: async () => (await import('./commands/list.ts')).listCommand,
  },
  {
    name: 'show',
    summary: 'show what one backup holds',
    words: '<backup>',
    load: async () => (await import('./commands/show.ts')).showCommand,
  },
  {
    name: 'report',
    summary: 'make the page of a backup or a restore, to read or send',
    words: '<name>',
    load: async () => (await import('./commands/report.ts')).reportCommand,
  },
  {
    name: 'ls',
    summary: 'list the schemas, types or objects of a backup',
    words: '<backup> [place]',
    load: async () => (await import('./commands/ls.ts')).lsCommand,
  },
  {
    name: 'export',
    summary: 'write the objects of a type as CSV',
    words: '<backup>',
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  {
    name: 'verify',
    summary: 'check that a backup is whole',
    words: '<backup>',
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  {
    name: 'diff',
    summary: 'show what changed between two backups, or since one',
    words: '<backup> [other]',
    load: async () => (await import('./commands/diff.ts')).diffCommand,
  },
  {
    name: 'find',
    summary: 'find objects in all backups',
    words: '[words...]',
    load: async () => (await import('./commands/find.ts')).findCommand,
  },
  {
    name: 'browse',
    summary: 'show the backups in a browser',
    load: async () => (await import('./commands/browse.ts')).browseCommand,
  },
  {
    name: 'accept',
    summary: 'say that what a backup lacks is meant so',
    words: '<backup>',
    load: async () => (await import('./commands/accept.ts')).acceptCommand,
  },
  {
    name: 'copy',
    summary: 'copy a backup to another place',
    words: '<backup>',
    load: async () => (await import('./commands/copy.ts')).copyCommand,
  },
  {
    name: 'prune',
    summary: 'delete the backups that no rule keeps',
    load: async () => (await import('./commands/prune.ts')).pruneCommand,
  },
  {
    name: 'plan',
    summary: 'show what a restore would do, and change nothing',
    words: '[backup]',
    load: async () => (await import('./commands/restore.ts')).planCommand,
  },
  {
    name: 'restore',
    summary: 'restore a backup, or some of it, into a site',
    words: '[backup]',
    load: async () => (await import('./commands/restore.ts')).restoreCommand,
  },
  {
    name: 'undo',
    summary: 'take a restore back, as far as nobody has worked on it since',
    words: '<restore>',
    load: async () => (await import('./commands/undo.ts')).undoCommand,
  },
  {
    name: 'relink',
    summary: 'make Jira issues hold what a restore has made',
    words: '<restore>',
    load: async () => (await import('./commands/relink.ts')).relinkCommand,
  },
  {
    name: 'drill',
    summary: 'prove that the newest backup restores, on some objects of it',
    load: async () => (await import('./commands/drill.ts')).drillCommand,
  },
  {
    name: 'login',
    summary: 'give a stack its login',
    load: async () => (await import('./commands/login.ts')).loginCommand,
  },
  {
    name: 'doctor',
    summary: 'check what would keep a night from working',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    name: 'status',
    summary: 'show how a stack or a folder stands, and its restores',
    load: async () => (await import('./commands/status.ts')).statusCommand,
  },
  {
    name: 'watch',
    summary: 'follow a run of a stack',
    words: '[execution]',
    load: async () => (await import('./commands/watch.ts')).watchCommand,
  },
];
