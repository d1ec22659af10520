import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What whoever reads a backup cannot do without: each file read once, and its JSON parsed. */
const [backup = ''] = process.argv.slice(2);
for (const entry of readdirSync(backup, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
  if (entry.name.endsWith('.json')) JSON.parse(text);
  else if (entry.name.endsWith('.jsonl')) for (const line of text.split('\n')) if (line !== '') JSON.parse(line);
}
