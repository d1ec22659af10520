/** What to look at, and what to do for one's own site. */
export function closingAdvice(folder: string, backup: string, settingsFile: string): string {
  return `
The backup lies in ${folder}/${backup}, as JSON. To look at it in a browser:

  npx assets-backup browse --local ${folder} --site ${settingsFile}

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
