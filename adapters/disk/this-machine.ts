import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { codeOf } from './disk-error.ts';

/** A process, named so that a later one with the same number is not taken for it. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Differs between two processes that had the same number one after the other. Known on Linux only. */
  readonly start?: string;
}

/** `unknown`: another machine's, or a process of this number runs and whether it is the same one cannot be told. */
export type ProcessState = 'running' | 'ended' | 'unknown';

/** What one process can know of itself and of others. */
export interface Machine {
  readonly self: ProcessIdentity;
  stateOf(process: ProcessIdentity): ProcessState;
  /** When the machine was started, in milliseconds since the epoch; sleep counts as running. */
  bootedAt(): number;
}

/** PROC_PID_INIT_INO of the Linux kernel: the processes of the machine itself. */
const firstNamespace = 'pid:[4026531836]';

export const thisMachine: Machine = {
  self: identityOfThisProcess(),
  stateOf(other) {
    if (other.host !== this.self.host) return 'unknown';
    const status = statusOf(other.pid);
    if (!exists(other.pid) || status?.isZombie === true) return 'ended';
    if (status === undefined || other.start === undefined) return 'unknown';
    return status.start === other.start ? 'running' : 'ended';
  },
  bootedAt: () => Date.now() - uptime() * 1000,
};

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return codeOf(error) !== 'ESRCH';
  }
}

/**
 * The host name, and in a container the number of its process namespace: two containers that share a host name and a folder
 * both have a process 1, and each would take the other's for itself.
 */
function hostOf(): string {
  const namespace = readLinux(() => readlinkSync('/proc/self/ns/pid'));
  return namespace === undefined || namespace === firstNamespace ? hostname() : `${hostname()} ${namespace}`;
}

function identityOfThisProcess(): ProcessIdentity {
  const start = statusOf(process.pid)?.start;
  return { host: hostOf(), pid: process.pid, ...(start === undefined ? {} : { start }) };
}

interface ProcessStatus {
  readonly start: string;
  /** Ended, but not yet asked about by its parent: signals still find it. */
  readonly isZombie: boolean;
}

function statusOf(pid: number): ProcessStatus | undefined {
  return readLinux(() => {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): field 3 is the state, field 22 the start in clock ticks since boot. Field 2, the name, may hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { start: `${boot}/${fields[22 - 3]}`, isZombie: fields[0] === 'Z' || fields[0] === 'X' };
  });
}

/** What /proc says; undefined on systems without it, or where it is closed to us. */
function readLinux<T>(read: () => T): T | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return read();
  } catch (error) {
    if (codeOf(error) !== undefined) return undefined;
    throw error;
  }
}
