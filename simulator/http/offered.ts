import type { Quirks } from '../site/quirks.ts';
import type { EndpointName } from './endpoint.ts';

/** Undocumented endpoints that a site may not have, by the quirk that says so. */
const optional = {
  comments: ['comments', 'comment-create'],
  iconUpload: ['icon-token', 'icon-media-upload', 'icon-create', 'icon-update', 'icon-delete'],
  attributePosition: ['attribute-position'],
  attributeConfigure: ['attribute-configure'],
  issueBulkfetch: ['issue-bulkfetch'],
  fieldConfigurations: ['fieldconfig', 'fieldconfig-update'],
  undocumentedDeletes: ['referencetype-delete', 'icon-delete'],
} as const satisfies Partial<Record<keyof Quirks, readonly EndpointName[]>>;

/** False for an endpoint that this site answers like an unknown route. */
export function isOffered(endpoint: EndpointName, quirks: Readonly<Quirks>): boolean {
  return Object.entries(optional).every(
    ([quirk, endpoints]) =>
      quirks[quirk as keyof typeof optional] !== 'not-offered' || !(endpoints as readonly string[]).includes(endpoint),
  );
}
