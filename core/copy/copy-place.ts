import type { Services } from '../ports/services.ts';

/** One end of a copy: where backups lie, and the work beside them. */
export interface CopyPlace extends Pick<Services, 'backups' | 'work' | 'runs'> {
  /** For people: `./backups`, `the stack AssetsBackup`. */
  readonly name: string;
}
