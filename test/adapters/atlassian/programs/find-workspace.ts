/**
 * Finds the workspace of a site, and says its id, or how it failed.
 * Argument: the address of the site.
 */
import { createAssetsSite } from '../../../../adapters/atlassian/assets-site.ts';
import { hasToken, parseSiteSettings } from '../../../../adapters/atlassian/site-settings.ts';

const [url = ''] = process.argv.slice(2);
const { settings } = parseSiteSettings({ siteName: url, apiUrl: url, username: 'a', apiToken: 'token', auth: 'basic' });
if (!hasToken(settings)) throw new Error('The token is missing.');
const site = createAssetsSite({
  settings,
  clock: { now: Date.now, sleep: async () => {} },
  reporter: { planned() {}, advanced() {}, requested() {}, event() {} },
});
const found = await site.discover().catch((error: Error) => ({ workspaceId: error.message }));
process.stdout.write(found.workspaceId);
