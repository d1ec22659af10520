import { SimulatedSite } from '../site/simulated-site.ts';
import type { SiteOptions } from '../site/site-state.ts';
import { addActivity } from './demo-activity.ts';
import { addDemoAssets } from './demo-assets.ts';
import { addDemoFacilities } from './demo-facilities.ts';
import { addDemoIssues } from './demo-issues.ts';
import { addDemoPeople } from './demo-people.ts';
import { addDemoServices } from './demo-services.ts';
import { SeededRandom } from './seeded-random.ts';

/**
 * A company with offices (FAC), people (USERS), devices and software (ASSETS), and the Services schema (SVC) that
 * Atlassian manages. All attribute kinds occur, references cross schemas and make cycles, and issues hold objects in two fields. The
 * same on every day.
 */
export function demoSite(options: SiteOptions = {}): SimulatedSite {
  const site = new SimulatedSite(options);
  const random = new SeededRandom(20_241_123);
  const facilities = addDemoFacilities(site, random);
  const people = addDemoPeople(site, random, facilities);
  const services = addDemoServices(site, random);
  addDemoAssets(site, random, { facilities, people, services });
  addActivity(site, random);
  addDemoIssues(site);
  return site;
}
