/** What the page shows, as its address has it after the `#`. */
export type Route =
  | { readonly view: 'backups' }
  | { readonly view: 'backup'; readonly backup: string }
  | ({ readonly view: 'type'; readonly backup: string; readonly schema: string; readonly type: string } & GridChoice)
  | { readonly view: 'object'; readonly backup: string; readonly object: string }
  | { readonly view: 'search'; readonly backup: string; readonly words: string; readonly from: number }
  | ({ readonly view: 'diff'; readonly left: string; readonly right: string } & DiffChoice)
  | { readonly view: 'unknown' };

export type TypeRoute = Extract<Route, { view: 'type' }>;

/** What of a type's objects is shown, and in which order. */
export interface GridChoice {
  readonly from: number;
  readonly sort?: string;
  readonly order?: 'up' | 'down';
  readonly column?: string;
  readonly filter?: string;
}

/** What of a comparison is shown. */
export interface DiffChoice {
  readonly schema?: string;
  readonly type?: string;
  readonly object?: string;
}

export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const words = path.split('/').slice(1).map(decoded);
  const [first, second = '', third, fourth = '', fifth = ''] = words;
  const asked = new URLSearchParams(query);
  const text = (name: string) => asked.get(name) ?? undefined;
  if (path === '' || path === '/' || (first === 'backups' && words.length === 1)) return { view: 'backups' };
  // An address that was cut right behind a `/`.
  if (words.includes('')) return { view: 'unknown' };
  if (first === 'backup' && words.length === 2) return { view: 'backup', backup: second };
  if (first === 'backup' && third === 'object' && words.length === 4)
    return { view: 'object', backup: second, object: fourth };
  if (first === 'backup' && third === 'search' && words.length === 4)
    return { view: 'search', backup: second, words: fourth, from: countIn(text('from')) };
  if (first === 'backup' && third === 'type' && words.length === 5) {
    const order = text('order') === 'down' ? 'down' : 'up';
    return {
      view: 'type',
      backup: second,
      schema: fourth,
      type: fifth,
      from: countIn(text('from')),
      ...given({ sort: text('sort'), column: text('column'), filter: text('filter') }),
      ...(text('sort') !== undefined && { order }),
    };
  }
  if (first === 'diff' && words.length === 3)
    return {
      view: 'diff',
      left: second,
      right: third ?? '',
      ...given({ schema: text('schema'), type: text('type'), object: text('object') }),
    };
  return { view: 'unknown' };
}

/** For a link: `#/backup/2026-11-23_02-00-00`. */
export function hashOf(route: Route): string {
  switch (route.view) {
    case 'backups':
    case 'unknown':
      return '#/backups';
    case 'backup':
      return pathOf(['backup', route.backup]);
    case 'type': {
      const { from, sort, order, column, filter } = route;
      const way = sort === undefined || order === 'up' ? undefined : order;
      return pathOf(['backup', route.backup, 'type', route.schema, route.type], {
        from: from === 0 ? undefined : `${from}`,
        sort,
        order: way,
        column,
        filter,
      });
    }
    case 'object':
      return pathOf(['backup', route.backup, 'object', route.object]);
    case 'search':
      return pathOf(['backup', route.backup, 'search', route.words], {
        from: route.from === 0 ? undefined : `${route.from}`,
      });
    case 'diff':
      return pathOf(['diff', route.left, route.right], {
        schema: route.schema,
        type: route.type,
        object: route.object,
      });
  }
}

/** The page that is shown, whatever of it: a step within it moves no focus. */
export function pageOfRoute(route: Route): string {
  const [path = ''] = hashOf(route).split('?', 1);
  return path;
}

/** The backup that a route is about; null of those about several. */
export const backupOf = (route: Route) => ('backup' in route ? route.backup : null);

const given = <Texts extends object>(texts: Texts) =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined && text !== '')) as {
    [Name in keyof Texts]?: string;
  };

function pathOf(words: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const asked = new URLSearchParams(given(query) as Record<string, string>);
  const path = words.map((word) => encodeURIComponent(word.toWellFormed())).join('/');
  return asked.size === 0 ? `#/${path}` : `#/${path}?${asked}`;
}

/** A person may have cut the address anywhere. */
function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

function countIn(text: string | undefined): number {
  const count = Number(text);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}
