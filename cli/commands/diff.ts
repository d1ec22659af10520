import type { Command } from 'commander';
import { type CommandContext, describedCommand } from '../command-context.ts';

export function diffCommand(_context: CommandContext): Command {
  return describedCommand({
    name: 'diff',
    summary: 'to be written',
    description: 'To be written.',
    usage: '(--local DIR | --stack NAME) [--json]',
    place: 'either',
    examples: ['diff --local ./backups'],
    exitCodes: [0, 1, 2],
  });
}
