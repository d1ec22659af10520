import type { Command } from 'commander';
import { type CommandContext, describedCommand } from '../command-context.ts';

export function copyCommand(_context: CommandContext): Command {
  return describedCommand({
    name: 'copy',
    summary: 'to be written',
    description: 'To be written.',
    usage: '(--local DIR | --stack NAME) [--json]',
    place: 'either',
    examples: ['copy --local ./backups'],
    exitCodes: [0, 1, 2],
  });
}
