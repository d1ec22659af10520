import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hasToken, parseSiteSettings, withToken } from '../../../adapters/atlassian/site-settings.ts';
import { WrongInputError } from '../../../core/errors.ts';

const whole = { siteName: 'https://example.atlassian.net', username: 'me@example.com', apiToken: 'secret-token' };

function mistake(json: unknown): string {
  try {
    parseSiteSettings(json);
  } catch (error) {
    if (error instanceof WrongInputError) return error.message;
    throw error;
  }
  return 'no mistake';
}

describe('The settings of a site', () => {
  it("accept the original's backupAssets-config.json as it is", () => {
    const { settings, objectSchemaKeys } = parseSiteSettings({ ...whole, objectSchemaKeys: ['FAC', 'USERS'] });

    expect(settings).toMatchObject({
      siteName: 'https://example.atlassian.net',
      apiUrl: 'https://api.atlassian.com',
      username: 'me@example.com',
    });
    expect(objectSchemaKeys).toEqual(['FAC', 'USERS']);
    expect(hasToken(settings)).toBe(true);
  });

  it.each([
    ['example.atlassian.net', 'https://example.atlassian.net'],
    ['https://example.atlassian.net///', 'https://example.atlassian.net'],
    ['HTTPS://Example.Atlassian.net/', 'https://example.atlassian.net'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['http://127.0.0.1:1234', 'http://127.0.0.1:1234'],
    ['http://127.255.3.9', 'http://127.255.3.9'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['https://gateway.example.com/jira/', 'https://gateway.example.com/jira'],
  ])('take the address %s for %s', (siteName, expected) => {
    expect(parseSiteSettings({ ...whole, siteName }).settings.siteName).toBe(expected);
    expect(parseSiteSettings({ ...whole, apiUrl: expected }).settings.apiUrl).toBe(expected);
  });

  const pasted = [
    ...['', '/', '//', '/jira', '/jira/', '/jira/assets', '/jira/assets/object-schema/3?typeId=12&view=list'],
    ...[
      '/jira/software/projects/ITSM/boards/1',
      '/jira/software/c/projects/ITSM/boards/1?selectedIssue=ITSM-7#comment',
    ],
    ...[
      '/jira/servicedesk/projects/SUP/queues/custom/7',
      '/jira/for-you',
      '/jira/dashboards/10000',
      '/issues/?jql=a%20%3D%20b',
    ],
    ...[
      '/browse/ITSM-1',
      '/secure/Dashboard.jspa',
      '/projects/ITSM?selectedItem=x',
      '/plugins/servlet/ac/x',
      '?a=b',
      '#top',
    ],
    ...[
      '/login.jsp?os_destination=%2Fjira',
      '/wiki/spaces/A',
      '/JIRA/Assets',
      '/jira/core/projects/A/list',
      '/some/new/page',
    ],
  ];
  const spellings: readonly (readonly [host: string, site: string])[] = [
    ['https://acme.atlassian.net', 'https://acme.atlassian.net'],
    ['acme.atlassian.net', 'https://acme.atlassian.net'],
    ['HTTPS://ACME.Atlassian.NET', 'https://acme.atlassian.net'],
    ['https://acme.atlassian.net:443', 'https://acme.atlassian.net'],
    ['https://acme.jira.com', 'https://acme.jira.com'],
    ['https://support.acme.example', 'https://support.acme.example'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ];

  it('take for the site whatever page of it was copied from the browser, with blanks around it', () => {
    for (const [host, site] of spellings) {
      for (const rest of pasted) {
        // What stands before another site than Atlassian's own may be a gateway, whose paths nobody knows.
        if (!/atlassian|jira/i.test(host) && ['/jira', '/jira/', '/some/new/page', '?a=b', '#top'].includes(rest))
          continue;
        for (const blanks of ['', ' ', '\t', '\n', '\u00a0']) {
          const written = `${blanks}${host}${rest}${blanks}`;
          expect(parseSiteSettings({ ...whole, siteName: written }).settings.siteName, written).toBe(site);
        }
      }
    }
  });

  it('keep a port, and what may be the path of a gateway', () => {
    const siteOf = (siteName: string) => parseSiteSettings({ ...whole, siteName }).settings.siteName;
    expect(siteOf('https://acme.atlassian.net.:8443')).toBe('https://acme.atlassian.net:8443');
    expect(siteOf('https://acme.atlassian.net:8443/jira/assets')).toBe('https://acme.atlassian.net:8443');
    expect(siteOf('https://gateway.example.com/acme/browse/ITSM-1')).toBe('https://gateway.example.com/acme');
  });

  it.each([
    'https://home.atlassian.com/o/1/assets?x=secret',
    'admin.atlassian.com/s/secret',
    'https://api.atlassian.com',
    'https://gateway.example.com/secret?b=1',
    'https://gateway.example.com/#secret',
    'https://ac me.atlassian.net/jira/assets?secret',
    'https://acme.atlassian.net:secret/jira',
    'http://acme.atlassian.net/jira/assets?secret',
    'https://me:secret@acme.atlassian.net/jira/assets',
    'https:/acme.atlassian.net',
    'https//acme.atlassian.net',
    'https://https://acme.atlassian.net',
    '"https://acme.atlassian.net"',
    'https://acme.atlassian.net,',
    "'acme.atlassian.net'",
  ])('name "siteName" where no site can be made of it: %s', (siteName) => {
    expect(mistake({ ...whole, siteName })).toMatch(/^The settings field "siteName" [^\n]*\.$/);
    expect(mistake({ ...whole, siteName })).not.toContain('secret');
  });

  it.each([
    ['http to another machine', { siteName: 'http://example.atlassian.net' }, 'siteName'],
    ['http to a name that only begins like loopback', { siteName: 'http://127.0.0.1.example.com' }, 'siteName'],
    ['http to a name that only begins like localhost', { apiUrl: 'http://localhost.example.com' }, 'apiUrl'],
    ['another scheme', { siteName: 'ftp://example.com' }, 'siteName'],
    ['a login in the address', { siteName: 'https://secret:secret-token@example.com' }, 'siteName'],
    ['a query in the address', { apiUrl: 'https://example.com/?token=secret-token' }, 'apiUrl'],
    ['no address', { siteName: 'https://' }, 'siteName'],
    ['an API address without a scheme', { apiUrl: 'api.atlassian.com' }, 'apiUrl'],
    ["the template's address", { siteName: 'https://<yoursite>.atlassian.net' }, 'siteName'],
    ["the template's token", { apiToken: '<Atlassian API Token>' }, 'apiToken'],
    ["the template's schemas", { objectSchemaKeys: ['<object schema key1>'] }, 'objectSchemaKeys'],
    ['a token with a space', { apiToken: 'secret-token with-space' }, 'apiToken'],
    ['a token with a line end inside', { apiToken: 'secret-token\nX-Header: 1' }, 'apiToken'],
    ['an empty token', { apiToken: '' }, 'apiToken'],
    ['a number for a token', { apiToken: 5 }, 'apiToken'],
    ['an empty user name', { username: ' ' }, 'username'],
    ['a colon in the user name', { username: 'me:secret-token' }, 'username'],
    ['an unknown field', { apiTokn: 'secret-token' }, 'apiTokn'],
    ['an unknown kind of login', { auth: 'secret-token' }, 'auth'],
    ['a budget of nothing', { requestBudget: { total: 0 } }, 'requestBudget.total'],
    ['a budget of text', { requestBudget: { total: 'secret-token' } }, 'requestBudget.total'],
    ['a budget without an end', { requestBudget: { total: Number.POSITIVE_INFINITY } }, 'requestBudget.total'],
    [
      'a budget of an unknown class',
      { requestBudget: { byClass: { histories: 5 } } },
      'requestBudget.byClass.histories',
    ],
    ['a day that is none', { expires: 'secret-token' }, 'expires'],
    ['a day that there is not', { expires: '2027-02-31' }, 'expires'],
    ['a day as another country writes it', { expires: '31.01.2027' }, 'expires'],
    ['a number for a day', { expires: 20270131 }, 'expires'],
    ['a text for a list of schemas', { objectSchemaKeys: 'FAC' }, 'objectSchemaKeys'],
    ['no site', { siteName: undefined }, 'siteName'],
  ])('refuse %s, naming the field and not its value', (_case, change, field) => {
    const message = mistake({ ...whole, ...change });

    expect(message).toContain(field);
    expect(message).toMatch(/^[A-Z][^\n]*\.$/);
    expect(message).not.toContain('secret');
  });

  it.each([[null], ['text'], [5], [undefined]])('refuse %j, which is no JSON object', (json) => {
    expect(mistake(json)).toMatch(/JSON object/);
  });

  it('need a user name for a login that has one', () => {
    const { username: _, ...nameless } = whole;

    expect(mistake({ ...nameless, auth: 'basic' })).toContain('"username"');
    expect(mistake({ ...nameless, auth: 'scoped' })).toContain('"username"');
    expect(mistake({ ...nameless, auth: 'bearer' })).toBe('no mistake');
    expect(mistake(nameless)).toBe('no mistake');
  });

  it('may lack the token, which then comes from elsewhere, without the line end of a file', () => {
    const { apiToken: _, ...tokenless } = whole;
    const { settings } = parseSiteSettings(tokenless);

    expect(hasToken(settings)).toBe(false);
    expect(withToken(settings, 'secret-token\n').apiToken.authorization()).toBe('Bearer secret-token');
    expect(() => withToken(settings, '<token>')).toThrow(WrongInputError);
  });

  it('keep the budget', () => {
    const requestBudget = { total: 5000, byClass: { history: 1000.5 } };

    expect(parseSiteSettings({ ...whole, requestBudget }).settings.requestBudget).toEqual(requestBudget);
    expect(parseSiteSettings(whole).settings.requestBudget).toEqual({});
  });

  it('keep the day on which the token expires, where somebody wrote it down', () => {
    expect(parseSiteSettings({ ...whole, expires: '2028-02-29' }).settings.expires).toBe('2028-02-29');
    expect(parseSiteSettings(whole).settings).not.toHaveProperty('expires');
    expect(mistake({ ...whole, expires: 'soon' })).toBe(
      'The settings field "expires" must be a date, as in "2027-01-31".',
    );
  });

  it('never show the token', () => {
    const { settings } = parseSiteSettings(whole);

    const shown = [
      JSON.stringify(settings),
      inspect(settings, { depth: null, showHidden: true, getters: true }),
      String(settings.apiToken),
      JSON.stringify({ ...settings.apiToken }),
      inspect(structuredClone({ ...settings, apiToken: { ...settings.apiToken } })),
    ].join();
    expect(shown).not.toContain('secret-token');
    expect(shown).not.toContain(Buffer.from('me@example.com:secret-token').toString('base64'));
  });
});
