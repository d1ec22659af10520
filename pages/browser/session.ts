const kept = 'assets-backup-token';

/**
 * The way in. It comes in the address's fragment, which is sent to no server, is kept for this tab, so that the page can be loaded
 * again, and goes out of the address, which people copy. Null: nobody has given one.
 */
export function takeToken(): string | null {
  const given = location.hash.slice(1);
  if (given !== '' && !given.startsWith('/')) {
    sessionStorage.setItem(kept, given);
    history.replaceState(null, '', '#/backups');
  }
  return token();
}

export const token = () => sessionStorage.getItem(kept);
