import { isRecord, type JsonRecord, textOf } from '../model/json.ts';
import type { Notice } from '../model/outcome.ts';
import type { Workspace } from '../model/run.ts';

/** Finds out of which site records are, by what they say of themselves. */
export class SiteOfRecords {
  readonly #workspaces = new Map<string, number>();
  readonly #sites = new Map<string, number>();

  see(record: JsonRecord): void {
    const workspace = textOf(record.workspaceId) ?? /^(.+):[^:]+$/.exec(textOf(record.globalId) ?? '')?.[1];
    if (workspace !== undefined && workspace !== '') note(this.#workspaces, workspace);
    const links = isRecord(record._links) ? Object.values(record._links) : [];
    const addresses = [record.avatar, record.icon].flatMap((one) => (isRecord(one) ? Object.values(one) : []));
    for (const text of [...links, ...addresses]) {
      const site = typeof text === 'string' ? siteIn(text) : undefined;
      if (site !== undefined) note(this.#sites, site);
    }
  }

  /** @param backup by its name an unknown workspace is told from all others, so that no restore takes it for one of them */
  workspace(backup: string): Workspace {
    return {
      workspaceId: most(this.#workspaces) ?? `unknown-${backup}`,
      siteName: most(this.#sites) ?? unknownSite,
      apiUrl: '',
      login: 'basic',
    };
  }

  notices(): Notice[] {
    const tell = (message: string): Notice => ({ kind: 'not-held', message });
    return [
      ...(this.#sites.size === 0 ? [tell('Nothing in it names the address of its site.')] : []),
      ...(this.#workspaces.size === 0
        ? [tell('Nothing in it names its workspace: every site counts as another one than that which was backed up.')]
        : []),
      ...(this.#workspaces.size > 1
        ? [
            tell(
              `Its records name ${this.#workspaces.size} workspaces: it counts as of the one that most of them name.`,
            ),
          ]
        : []),
    ];
  }
}

const unknownSite = 'a site that it does not name';

/** Hosts of Atlassian that are nobody's site. */
const shared = new Set(['api', 'id', 'admin', 'auth', 'secure']);

function siteIn(address: string): string | undefined {
  const [, host = ''] = /^https:\/\/([a-z0-9-]+\.(?:atlassian\.net|jira\.com))(?:[/:?]|$)/i.exec(address) ?? [];
  return host === '' || shared.has(host.split('.')[0] ?? '') ? undefined : host.toLowerCase();
}

function note(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function most(counts: ReadonlyMap<string, number>): string | undefined {
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0];
}
