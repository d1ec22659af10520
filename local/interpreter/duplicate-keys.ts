/**
 * Keys that an object of this JSON text has twice, of which JSON.parse silently keeps the last. The text must be valid JSON.
 */
export function findDuplicateKeys(text: string): string[] {
  const duplicates: string[] = [];
  // One set of keys for each object or array that is open; arrays have none.
  const open: Set<string>[] = [];
  for (const [token, string, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (string !== undefined && colon !== undefined) {
      const key = JSON.parse(string) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) duplicates.push(key);
      keys?.add(key);
    }
  }
  return duplicates;
}
