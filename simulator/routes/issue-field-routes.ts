import { type Answer, errorAnswer, ok } from '../http/answer.ts';
import type { SimulatedRequest } from '../http/request.ts';
import type { Route } from '../http/route.ts';
import {
  contextShape,
  fieldConfigurationShape,
  fieldShape,
  searchedFieldShape,
  summaryShape,
} from '../shapes/issue-field-shapes.ts';
import type { FieldContext } from '../site/issue-records.ts';
import { fieldNumber } from '../site/issue-values.ts';
import type { JsonObject } from '../site/raw-json.ts';
import { Refusal } from '../site/refusal.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { bodyOf, flagField, numberField, numberParameter, pathParameter, textField, textList } from './read-input.ts';

/** Both lists that need the right to administer Jira have this scope (Jira's documentation of OAuth scopes). */
const configureJira = 'manage:jira-configuration';

/** Assets custom fields, their contexts and configurations. */
export const issueFieldRoutes: readonly Route[] = [
  {
    // A field without a context is not in it (measured by a public client, 5 Sep 2026).
    name: 'field-list',
    method: 'GET',
    path: '/rest/api/3/field',
    scope: 'read:jira-work',
    handle: (site) => {
      checkBrowsing(site);
      const fields = [...site.issues.fields.values()].filter(({ contexts }) => contexts.length > 0);
      return ok([summaryShape, ...fields.map((field) => fieldShape(site, field))]);
    },
  },
  {
    name: 'field-search',
    method: 'GET',
    path: '/rest/api/3/field/search',
    scope: configureJira,
    handle: (site, request) => {
      checkBrowsing(site);
      if (site.quirks.fieldSearch === 'forbidden') return mayNotAdminister();
      const types = request.query.getAll('type').flatMap((text) => text.split(','));
      const ids = request.query.getAll('id').flatMap((text) => text.split(','));
      const words = (request.query.get('query') ?? '').toLowerCase();
      const custom = [...site.issues.fields.values()].map(searchedFieldShape);
      const { id, key, name, schema } = summaryShape;
      const all = types.includes('custom') ? custom : [{ id, key, name, schema } as JsonObject, ...custom];
      const found = all
        .filter((field) => !(types.includes('system') && !types.includes('custom')) || field.id === 'summary')
        .filter((field) => ids.length === 0 || ids.includes(String(field.id)))
        .filter((field) => String(field.name).toLowerCase().includes(words));
      return ok(pageOf(site, request, found));
    },
  },
  {
    name: 'field-contexts',
    method: 'GET',
    path: '/rest/api/3/field/{fieldId}/context',
    scope: configureJira,
    handle: (site, request) => {
      checkBrowsing(site);
      if (site.quirks.fieldSearch === 'forbidden') return mayNotAdminister();
      const field = site.issues.fields.get(fieldNumber(pathParameter(request, 'fieldId')) ?? -1);
      if (!field) throw new Refusal(404, 'The custom field was not found.');
      return ok(pageOf(site, request, field.contexts.map(contextShape)));
    },
  },
  {
    // Undocumented (SALTO), so no scope is known.
    name: 'fieldconfig',
    method: 'GET',
    path: '/rest/servicedesk/cmdb/latest/fieldconfig/{configId}',
    handle: (site, request) => {
      checkFieldConfigurations(site);
      return ok(fieldConfigurationShape(site, contextOfConfiguration(site, request)));
    },
  },
  {
    // 500 without the attributes that issues show (measured by a public client, 5 Sep 2026).
    name: 'fieldconfig-update',
    method: 'PUT',
    path: '/rest/servicedesk/cmdb/latest/fieldconfig/{configId}',
    handle: (site, request) => {
      checkFieldConfigurations(site);
      const context = contextOfConfiguration(site, request);
      const body = bodyOf(request);
      const attributesDisplayedOnIssue = textList(body, 'attributesDisplayedOnIssue');
      if (!attributesDisplayedOnIssue) return errorAnswer(500, ['Internal server error']);
      context.configuration = {
        objectSchemaId: numberField(body, 'objectSchemaId'),
        objectFilterQuery: textField(body, 'objectFilterQuery') ?? '',
        issueScopeFilterQuery: textField(body, 'issueScopeFilterQuery') ?? '',
        attributesIncludedInAutoCompleteSearch: textList(body, 'attributesIncludedInAutoCompleteSearch') ?? [],
        attributesDisplayedOnIssue,
        multiple: flagField(body, 'multiple') ?? false,
        shouldSetDefaultValuesFromEmptySearch: flagField(body, 'shouldSetDefaultValuesFromEmptySearch') ?? false,
        attributesLimit: numberField(body, 'attributesLimit') ?? 20,
      };
      return ok(fieldConfigurationShape(site, context));
    },
  },
];

/** An account without Jira, or without a project that it may browse. */
export function checkBrowsing({ quirks }: SimulatedSite): void {
  if (quirks.jiraIssues === 'offered') return;
  throw new Refusal(403, 'You do not have permission to use Jira.');
}

function checkFieldConfigurations({ quirks }: SimulatedSite): void {
  if (quirks.fieldConfigurations === 'forbidden') throw new Refusal(403, 'Administrator permission is required.');
}

/** By which id it is asked for is a quirk: the context's, as newer public clients do, or one of its own (SALTO). */
function contextOfConfiguration(site: SimulatedSite, request: SimulatedRequest): FieldContext {
  const id = Number(pathParameter(request, 'configId'));
  const contexts = [...site.issues.fields.values()].flatMap((field) => field.contexts);
  const idOf = (context: FieldContext) =>
    site.quirks.fieldConfigurationIds === 'of-context' ? context.id : context.configId;
  const found = contexts.find((context) => idOf(context) === id);
  if (!found) throw new Refusal(404, `No field configuration was found with id ${id}`);
  return found;
}

/** A page as Jira gives it: `PageBean`. */
function pageOf(site: SimulatedSite, request: SimulatedRequest, all: readonly JsonObject[]): JsonObject {
  const asked = numberParameter(request, 'maxResults', 50);
  const maxResults = Math.max(1, Math.min(asked, site.quirks.fieldPageSize ?? asked));
  const startAt = numberParameter(request, 'startAt', 0);
  const values = all.slice(startAt, startAt + maxResults);
  return { maxResults, startAt, total: all.length, isLast: startAt + maxResults >= all.length, values };
}

function mayNotAdminister(): Answer {
  return errorAnswer(403, ['The user does not have the permission to administer Jira.']);
}
