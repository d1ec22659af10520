import type { SiteBuilder } from './site-builder.ts';

const statuses: readonly [name: string, category: number][] = [
  ['Action Needed', 2],
  ['Active', 1],
  ['Closed', 0],
  ['In Service', 2],
  ['Running', 1],
  ['Stopped', 0],
  ['Support Requested', 2],
];

const referenceTypes = ['Dependency', 'Installed', 'Link', 'Reference'];

const icons = [
  'Box',
  'Building',
  'Bug',
  'Cottage',
  'Database',
  'Desktop',
  'Laptop',
  'Network',
  'Phone',
  'Server',
  'Service',
  'Users',
];

/** What every workspace has from its first day. The statuses with their categories are the official example's. */
export function installDefaults(site: SiteBuilder): void {
  for (const [name, category] of statuses) site.addStatusType({ name, category, description: '' });
  for (const name of referenceTypes) site.addReferenceType({ name, description: name }).removable = false;
  for (const name of icons) site.addIcon(name);
}
