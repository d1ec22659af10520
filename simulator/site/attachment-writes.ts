import type { StoredObject, User } from './records.ts';
import type { SiteBuilder } from './site-builder.ts';
import { moveUpdated } from './updated.ts';

/** Of an attached file only its entry in the history and `extendedInfo` tell. */
export function attachFile(site: SiteBuilder, object: StoredObject, name: string, actor?: User): void {
  object.hasAttachments = true;
  site.addHistory({ object, attribute: 'Attachment', newValue: name, type: 7, ...(actor && { actor }) });
  moveUpdated(site, object, 'what belongs to it');
}
