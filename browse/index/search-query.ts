/**
 * What people type, as a query of FTS5: each word has to begin a word of the object, `CMDB-12` the words `cmdb 12` behind each other.
 * Everything is quoted, since FTS5 has a language of its own. Undefined where nothing is asked for.
 */
export function searchQuery(text: string): string | undefined {
  // A NUL ends a text for SQLite.
  const words = text
    .replaceAll('\0', ' ')
    .split(/\s+/u)
    .filter((word) => word !== '');
  return words.length === 0 ? undefined : words.map((word) => `"${word.replaceAll('"', '""')}"*`).join(' ');
}
