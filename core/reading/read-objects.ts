import type { ObjectTypeId } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import { mostSweeps, PageSweep, type SweepProgress } from './page-sweep.ts';

/**
 * Reads all objects of one type of a live site, each once, and gives their ids. `isProven` says that a sweep was undisturbed
 * and found as many objects as the site counts: only then is an object that was not seen not there. `position` is null when
 * all is read; otherwise `mayGoOn` has said no before a page, and reading goes on from there.
 * @param options.expected how many there are, as far as anybody knows: by it pages are asked for at once
 * @param options.afterPage what was taken may be put away
 * @param options.proves false where nothing depends on that, to spare the count
 */
export async function readObjects(
  reader: AssetsReader,
  objectTypeId: ObjectTypeId,
  take: (object: ApiRecord) => void,
  {
    proves = true,
    from,
    expected,
    mayGoOn = () => true,
    afterPage,
  }: {
    proves?: boolean;
    from?: SweepProgress | null | undefined;
    expected?: number | undefined;
    mayGoOn?: () => boolean;
    afterPage?: (() => Promise<void>) | undefined;
  } = {},
): Promise<{ readonly ids: readonly string[]; readonly isProven: boolean; readonly position: SweepProgress | null }> {
  const sweep = new PageSweep(reader, { objectTypeId }, { from, expected });
  const takeNew = (object: ApiRecord, isNew: boolean) => {
    if (isNew) take(object);
  };
  for (;;) {
    const end = await sweep.run({ take: takeNew, mayGoOn, ...(afterPage && { afterPage }) });
    if (end === 'out-of-time') return { ids: [], isProven: false, position: sweep.progress };
    const isRead = end === 'reached-the-end';
    const counted = isRead && proves ? await reader.countObjects({ objectTypeId }) : undefined;
    const isProven = counted !== undefined && sweep.isSettled(counted);
    // The last sweep would not see a shift, and so proves nothing.
    const isEnough = isProven || (isRead && !proves) || sweep.number === mostSweeps - 1;
    if (isEnough) return { ids: sweep.ids, isProven, position: null };
    sweep.startAnew(counted);
  }
}
