import type { DatabaseSync, DatabaseSyncOptions } from 'node:sqlite';

/** SQLite of Node, whose warning that it may change nobody at a terminal can do anything about. */
export function openDatabase(path: string, options: DatabaseSyncOptions = {}): DatabaseSync {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
    return new Database(path, options);
  } finally {
    process.emitWarning = emitWarning;
  }
}
