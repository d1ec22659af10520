import { readdir } from 'node:fs/promises';

/** What to look at, and what to do for one's own site. */
export async function closingAdvice(folder: string, backup: string): Promise<string> {
  const files = await readdir(`${folder}/${backup}`, { recursive: true, withFileTypes: true });
  const examples = files
    .filter((file) => file.isFile() && /[\\/]objects$/.test(file.parentPath))
    .map(({ parentPath, name }) => `${parentPath}/${name}`)
    .sort();
  const look = examples[0] === undefined ? '' : ` Its objects are there for reading:\n\n  less ${examples[0]}\n`;
  return `
The backup lies in ${folder}/${backup}.${look}
For your own site, make a file site.json that only you may read (chmod 600 site.json):

  { "siteName": "https://myorganization.atlassian.net",
    "username": "cmdb_admin@myorganization.com",
    "apiToken": "..." }

with a token from https://id.atlassian.com/manage-profile/security/api-tokens, and then:

  npx assets-backup backup --local ./backups --site site.json
  npx assets-backup plan <backup> --local ./backups --site site.json

A plan changes nothing. \`restore\` in its place carries it out: into the same site, or with another
site.json into another one, such as a sandbox.
`;
}
