import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The code of one commit, with what it needs from npm. */
export interface Checkout {
  readonly directory: string;
  /** The classes that its `requestBudget` takes, and no others. */
  readonly endpointClasses: readonly string[];
}

/** Where commits are checked out to. */
export interface CheckoutPlace {
  /** The working tree whose history has the commit. */
  readonly repository: string;
  /** A folder for commits that have been built. It lies outside of the repository: its tools would take the code there for its own. */
  readonly cache: string;
  /** Installs what the code in a folder needs. */
  readonly install: (directory: string) => void;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

export const ownPlace: CheckoutPlace = {
  repository: root,
  cache: join(cacheHome(), 'assets-backup', 'bench'),
  install: (directory) => {
    // What npm says goes to stderr: stdout is for the table.
    const stdio = ['ignore', 2, 2] as const;
    execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: directory, stdio: [...stdio] });
  },
};

/** By the XDG Base Directory Specification a path that is not absolute counts for nothing. */
function cacheHome(): string {
  const { XDG_CACHE_HOME: home = '' } = process.env;
  return isAbsolute(home) ? home : join(homedir(), '.cache');
}

/** Its message says what to do. */
export class NoSuchCommit extends Error {}

/** This very working tree, as it is. */
export function today(): Promise<Checkout> {
  return checkoutIn(root);
}

/**
 * Checks a commit out and installs what it needs, or takes it as it was built before, where no file of it has changed since. The
 * repository itself is only read, its index and its list of worktrees included. Throws NoSuchCommit.
 */
export async function checkOut(commit: string, place: CheckoutPlace = ownPlace): Promise<Checkout> {
  const hash = hashOf(commit, place.repository);
  const built = join(place.cache, hash);
  if (existsSync(built) && !isUnchanged(hash, built, place.repository)) rmSync(built, { recursive: true });
  if (!existsSync(built)) build(hash, built, place);
  return checkoutIn(join(built, 'code'));
}

/** The whole hash of a commit. Throws NoSuchCommit. */
function hashOf(commit: string, repository: string): string {
  try {
    // A name that begins with a dash would be an option.
    return git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`], repository).trim();
  } catch {
    throw new NoSuchCommit(
      `${repository} has no commit ${commit}. In a clone that holds only the last commits, \`git fetch --unshallow\` gets the others.`,
    );
  }
}

/** Under another name until it is whole, so that what is there under its own is. */
function build(hash: string, built: string, { repository, cache, install }: CheckoutPlace): void {
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'unfinished-'));
  try {
    const code = join(unfinished, 'code');
    const environment = { GIT_INDEX_FILE: join(unfinished, 'index') };
    git(['read-tree', hash], repository, environment);
    git(['checkout-index', '--all', `--prefix=${code}/`], repository, environment);
    install(code);
    if (!existsSync(built)) renameSync(unfinished, built);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Whether every file of the commit is there as it was committed. */
function isUnchanged(hash: string, built: string, repository: string): boolean {
  const code = join(built, 'code');
  const environment = {
    GIT_DIR: git(['rev-parse', '--absolute-git-dir'], repository).trim(),
    GIT_WORK_TREE: code,
    GIT_INDEX_FILE: join(built, 'index'),
  };
  try {
    git(['read-tree', hash], code, environment);
    // Fails where a file differs.
    git(['update-index', '--refresh'], code, environment);
    return true;
  } catch {
    return false;
  }
}

function git(words: readonly string[], directory: string, environment = {}): string {
  return execFileSync('git', words, {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function checkoutIn(directory: string): Promise<Checkout> {
  const { href } = pathToFileURL(join(directory, 'core/model/request-budget.ts'));
  const { endpointClasses } = (await import(href)) as Pick<Checkout, 'endpointClasses'>;
  return { directory, endpointClasses };
}
