import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listBackups } from '../../../core/backup-format/open-backup.ts';
import { BackupContents } from '../../../core/contents/backup-contents.ts';
import { findObjects } from '../../../core/find/find-objects.ts';
import { objectLife } from '../../../core/find/object-life.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { RecordingReporter } from '../../end-to-end/local-run.ts';
import { GoldenFolder } from '../../golden/golden-folder.ts';

/** Ids of all objects of all nights, each with its type in a night that has it. */
async function everyObject(directory: string) {
  const { backups } = openLocalStores(directory);
  const all = new Map<string, { key: string; workspaceId: string; place: { schemaId: string; typeId: string } }>();
  for await (const listed of listBackups(backups)) {
    if (listed.state !== 'finished') continue;
    const { workspaceId } = listed.manifest.site;
    const contents = await BackupContents.open(backups, listed.manifest);
    for (const type of contents.types) {
      const place = { schemaId: type.schema.id, typeId: type.id };
      for await (const lines of contents.objects(type, () => expect.unreachable()))
        for (const line of lines) all.set(line.id, { key: String(line.parse().objectKey), workspaceId, place });
    }
  }
  return all;
}

describe('the life of an object', () => {
  it.each(['format-1', 'format-2'])('is what a search through all nights of %s tells of it', async (format) => {
    const directory = new GoldenFolder(format).copy();
    const { backups } = openLocalStores(directory);
    const objects = await everyObject(directory);
    expect(objects.size).toBeGreaterThan(5);
    for (const [object, { key, workspaceId, place }] of objects) {
      const found = await findObjects({ backups, reporter: new RecordingReporter() }, { words: [key] });
      const searched = found.sites.flatMap((site) => site.objects).find(({ id }) => id === object);
      const { changes } = await objectLife(backups, { workspaceId, object, place });
      expect(
        changes.filter(({ kind }) => kind !== 'first-seen'),
        key,
      ).toEqual(searched?.changes);
      const first = changes[0];
      expect(first?.kind === 'first-seen' || first?.kind === 'appeared').toBe(true);
      expect(first?.by).toBe(searched?.stands.first);
    }
  });

  it('says which backups do not tell, and why', async () => {
    const directory = new GoldenFolder('format-2').copy();
    const { backups } = openLocalStores(directory);
    const [night = ''] = (await Array.fromAsync(listBackups(backups))).slice(1).map(({ name }) => name);
    const [[object, of] = ['', { workspaceId: '', place: { schemaId: '', typeId: '' } }]] =
      await everyObject(directory);
    writeFileSync(join(directory, night, 'manifest', 'activity-00001.jsonl'), 'nothing\n');
    const { changes, silent } = await objectLife(backups, { ...of, object });
    expect(silent).toEqual([{ backup: night, why: expect.stringContaining('is damaged') }]);
    expect(changes.flatMap(({ after, by }) => [after, by])).not.toContain(night);
  });
});
