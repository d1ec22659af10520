import type { Place } from './place.ts';

/** Where the page of a run is that has ended; null where it could not be made. */
export async function pageOf(place: Pick<Place, 'work' | 'addressOfWork'>, key: string): Promise<string | null> {
  return (await place.work.read(key)) ? place.addressOfWork(key) : null;
}
