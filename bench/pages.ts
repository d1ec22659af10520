import { PretendSite } from './pretend-site.ts';
import type { Workshop } from './workshop.ts';

/** A page of objects as a site gives it, without and with what looks like a number that has to be kept as it is spelt. */
export interface Page {
  readonly what: string;
  readonly text: string;
}

const objects = 400;

export async function pagesToParse(workshop: Workshop): Promise<Page[]> {
  const site = await PretendSite.start(workshop, { seed: { objects, schemas: 1, types: 1 } });
  const text = await pageOf(site);
  await site.stop();
  const [before, after] = cutInTheMiddle(text);
  return [
    { what: 'whole numbers and dates alone', text },
    { what: 'one decimal', text: `${before}"weight":2.5,${after}` },
    { what: 'one text of values with a decimal', text: `${before}"note":"disk, 2.5, SSD",${after}` },
  ];
}

async function pageOf({ ready: { url, credentials } }: PretendSite): Promise<string> {
  const { username, apiToken } = credentials;
  const headers = {
    authorization: `Basic ${Buffer.from(`${username}:${apiToken}`).toString('base64')}`,
    'content-type': 'application/json',
  };
  const workspaces = await fetch(`${url}/rest/servicedeskapi/assets/workspace`, { headers });
  const { values } = (await workspaces.json()) as { readonly values: readonly { readonly workspaceId: string }[] };
  const path = `/jsm/assets/workspace/${values[0]?.workspaceId}/v1/object/aql?maxResults=${objects}&includeAttributes=true`;
  const body = JSON.stringify({ qlQuery: 'objectType = "Type 1"' });
  const page = await fetch(url + path, { method: 'POST', headers, body });
  if (!page.ok) throw new Error(`A page of objects was answered ${page.status}.`);
  return page.text();
}

/** Where an object in the middle of the page begins, so that a field can be put before its others. */
function cutInTheMiddle(text: string): [string, string] {
  const start = text.indexOf('"objectKey"', text.length / 2);
  if (start === -1) throw new Error('The page holds no objects.');
  return [text.slice(0, start), text.slice(start)];
}
