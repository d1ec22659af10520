import type { Services } from '../ports/services.ts';

export async function pruneBackups(_services: Services, _input: { readonly dryRun: boolean }): Promise<object> {
  throw new Error('to be written');
}
