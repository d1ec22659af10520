import { PermissionRefusedError } from '../errors.ts';
import type { Offered } from '../ports/assets-reader.ts';
import type { IssueField, IssuesReader } from '../ports/issues-reader.ts';
import { check, type Found, notChecked, type SetupCheck } from './one-check.ts';

/** Of so many fields by which can be searched the first page of issues is asked for, until one has any. */
const mostFields = 5;

const browse =
  'Give the account the permission "Browse projects" in the projects whose issues hold objects, and a token with scopes `read:jira-work`; that reads all these issues. Or set "issueLinks" to false.';
const administer =
  'Where such fields matter, give the account the permission "Administer Jira", and a token with scopes `manage:jira-configuration`; a backup needs it for nothing else.';

/** Whether a backup that is to have issue links can read them: their fields, the issues, and how the fields are configured. */
export async function checkIssues(reader: IssuesReader): Promise<SetupCheck[]> {
  let fields: readonly IssueField[] | undefined;
  const ofFields = await check(
    'issue fields',
    async (): Promise<Found> => {
      const { fields: found, withoutContexts } = needed(await reader.assetsFields());
      fields = found;
      const names = found.map(({ id, name }) => `${name} (${id})`).join(', ');
      const detail = names === '' ? 'The site has no Assets field.' : `The site has ${names}.`;
      if (withoutContexts === null) return detail;
      return { detail: `${detail} Fields without a context cannot be seen: ${withoutContexts}`, remedy: administer };
    },
    { otherwise: browse },
  );
  const because = 'the check "issue fields" failed';
  if (!fields) return [ofFields, notChecked('issues', because), notChecked('configuration of issue fields', because)];
  const ofIssues = await check('issues', () => searchIssues(reader, fields ?? []), { otherwise: browse });
  const ofConfiguration = await check('configuration of issue fields', () => readConfiguration(reader, fields ?? []), {
    otherwise: administer,
  });
  return [ofFields, ofIssues, ofConfiguration];
}

/** A field without a context is refused, and says nothing of the others. */
async function searchIssues(reader: IssuesReader, fields: readonly IssueField[]): Promise<Found> {
  let refused: Offered<unknown> | undefined;
  let answered = 0;
  for (const field of fields) {
    const page = await reader.issuesOf(field, null);
    if (!page.offered) refused ??= page;
    else if (page.value.issues.length > 0)
      return `Can be searched: there are some that hold objects by ${field.name} (${field.id}).`;
    else answered += 1;
    if (answered === mostFields) break;
  }
  if (refused && answered === 0) needed(refused);
  if (fields.length === 0) return 'Not checked, because the site has no Assets field to search by.';
  return {
    detail: 'A search finds no issue that holds an object, or none that this account may browse.',
    remedy: browse,
  };
}

/** A field without a context has none, which tells nothing. */
async function readConfiguration(reader: IssuesReader, fields: readonly IssueField[]): Promise<Found> {
  for (const field of fields) {
    const answer = await reader.fieldConfigurations(field);
    if (!answer.offered) return `This site does not offer it, and a backup goes without. ${answer.reason}`;
    if (answer.value.length > 0) return 'Can be read.';
  }
  return `Not checked, because the site has no Assets field${fields.length > 0 ? ' with a context' : ''} to try it on.`;
}

/** Whoever set that issue links are read means to have them. */
function needed<T>(answer: Offered<T>): T {
  if (answer.offered) return answer.value;
  throw new PermissionRefusedError(answer.reason);
}
