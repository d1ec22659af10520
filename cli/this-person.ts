import { hostname, userInfo } from 'node:os';

/** Who works on this computer, for a note that others read: `alice on build-7`. */
export function thisPerson(): string {
  return `${userName()} on ${hostname()}`;
}

/** A container may run as a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'without a name'}`;
  }
}
