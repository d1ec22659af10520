import type { StoredObject } from '../site/records.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { cities } from './demo-words.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface DemoFacilities {
  offices: StoredObject[];
  rooms: StoredObject[];
}

/** Schema FAC: countries, cities, offices, floors, rooms. Rooms know their office, the office its reception: a cycle. */
export function addDemoFacilities(site: SimulatedSite, random: SeededRandom): DemoFacilities {
  const schema = site.addSchema({ key: 'FAC', name: 'Facilities', description: 'Where we work' });
  const locatedIn = site.addReferenceType({ name: 'Located in', schema, color: '688E6E' });
  const open = site.addStatusType({ name: 'Open', category: 1, schema });
  const closed = site.addStatusType({ name: 'Closed for works', displayName: 'Being renovated', category: 2, schema });
  const icon = site.icons.values().find(({ name }) => name === 'Building');
  const place = site.addType({
    schema,
    name: 'Place',
    abstract: true,
    inherited: true,
    description: 'Anything with an address',
  });
  site.addAttribute({ type: place, name: 'Address', kind: 'textarea' });
  site.addAttribute({ type: place, name: 'State', kind: 'status', statuses: [open, closed] });
  const country = site.addType({ schema, name: 'Country' });
  site.addAttribute({ type: country, name: 'Code', unique: true, regexValidation: '[A-Z]{2}' });
  const city = site.addType({ schema, name: 'City', parent: place });
  site.addAttribute({ type: city, name: 'Country', target: country, referenceType: locatedIn, required: true });
  const office = site.addType({ schema, name: 'Office', parent: place, inherited: true, ...(icon ? { icon } : {}) });
  site.addAttribute({
    type: office,
    name: 'City',
    target: city,
    referenceType: locatedIn,
    displayName: 'Office location',
  });
  site.addAttribute({ type: office, name: 'Opened', kind: 'date' });
  site.addAttribute({ type: office, name: 'Website', kind: 'url', additionalValue: 'ENABLED' });
  const datacentre = site.addType({ schema, name: 'Data centre', parent: office });
  site.addAttribute({ type: datacentre, name: 'Power', kind: 'double', suffix: ' kW', summable: true });
  const floor = site.addType({ schema, name: 'Floor' });
  site.addAttribute({
    type: floor,
    name: 'Office',
    target: office,
    includeChildObjectTypes: true,
    referenceType: locatedIn,
  });
  site.addAttribute({ type: floor, name: 'Level', kind: 'integer' });
  const room = site.addType({ schema, name: 'Room' });
  site.addAttribute({ type: room, name: 'Floor', target: floor, referenceType: locatedIn });
  site.addAttribute({ type: room, name: 'Seats', kind: 'integer', summable: true });
  site.addAttribute({ type: room, name: 'Bookable from', kind: 'time' });
  site.addAttribute({ type: room, name: 'Step-free', kind: 'boolean' });
  const reception = site.addAttribute({ type: office, name: 'Reception', target: room });

  const offices: StoredObject[] = [];
  const rooms: StoredObject[] = [];
  for (const { name, country: countryName } of cities) {
    const code = countryName.slice(0, 2).toUpperCase();
    const countryObject = site.addObject({ type: country, name: countryName, values: { Code: code } });
    const cityObject = site.addObject({ type: city, name, values: { Country: countryObject } });
    for (const number of [1, 2]) {
      const isDatacentre = number === 2;
      const short = name.slice(0, 3).toUpperCase();
      const officeObject = site.addObject({
        type: isDatacentre ? datacentre : office,
        name: `${short}-${number}`,
        values: {
          City: cityObject,
          Address: `${random.between(1, 200)} Harbour Street\n${name}\n${countryName}`,
          State: random.chance(0.9) ? open : closed,
          Opened: `20${random.between(10, 23)}-0${random.between(1, 9)}-15`,
          Website: `https://offices.example.com/${short.toLowerCase()}-${number}`,
          ...(isDatacentre ? { Power: `${random.between(100, 900)}.5` } : {}),
        },
      });
      offices.push(officeObject);
      for (let level = 0; level < 3; level += 1) {
        const floorObject = site.addObject({
          type: floor,
          name: `${short}-${number} level ${level}`,
          values: { Office: officeObject, Level: level },
        });
        for (let index = 1; index <= 4; index += 1) {
          const roomObject = site.addObject({
            type: room,
            name: `${short}-${number}-${level}${index}`,
            values: {
              Floor: floorObject,
              Seats: random.between(2, 20),
              'Bookable from': '08:00',
              'Step-free': random.chance(0.8),
            },
          });
          rooms.push(roomObject);
          if (level === 0 && index === 1) officeObject.values.set(reception.id, [String(roomObject.id)]);
        }
      }
    }
  }
  return { offices, rooms };
}
