import {
  AssetsBackupError,
  DamagedBackupError,
  MissingKeyError,
  NoSuchBackupError,
  nameOf,
  UnsupportedFormatError,
  WrongInputError,
} from '../core/errors.ts';
import type { Fault } from '../pages/answers.ts';

/** There is no such thing in the backup. */
export class NothingThere extends Error {}

/** What went wrong, as an answer. Messages of ours never hold a value; those of others are not passed on. */
export function faultOf(error: unknown): { readonly status: number; readonly fault: Fault } {
  const said = (status: number, message: string) => ({ status, fault: { error: nameOf(error), message } });
  if (error instanceof NothingThere) return { status: 404, fault: { error: 'NotFoundError', message: error.message } };
  if (error instanceof NoSuchBackupError) return said(404, error.message);
  if (error instanceof WrongInputError) return said(400, error.message);
  if (
    error instanceof DamagedBackupError ||
    error instanceof MissingKeyError ||
    error instanceof UnsupportedFormatError
  )
    return said(409, error.message);
  if (error instanceof AssetsBackupError) return said(500, error.message);
  return said(500, 'This is a fault of assets-backup itself: started with --debug, `browse` says where.');
}
