import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ObjectJournalFile } from '../../core/restore/id-map/object-journal.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { companySite } from './restore-company.ts';
import { copySite, json } from './restore-run.ts';

describe('objects that restores have made twice', () => {
  async function doubled() {
    const { site, laptops, places } = companySite();
    const target = emptySiteLike(site);
    const { restored: first, again: run, directory } = await copySite(site, target);
    const folder = join(directory, '.work', 'journals');
    const [file] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes(join('objects', first.result?.restore ?? '')),
    );
    const key = join('journals', file ?? '');
    const journal = json<ObjectJournalFile>(directory, key);
    const chosen = [...laptops, ...places];
    const entries = Object.fromEntries(
      chosen.map(({ id }) => {
        const entry = journal.entries[id];
        if (entry?.state !== 'created') throw new Error(`The journal does not say that ${id} was made.`);
        const one = target.object(entry.target);
        const copy = target.addObject({ type: target.type(one.typeId), name: target.label(one) });
        target.objects.setValues(copy, one.values);
        const { pending: _, ...noted } = entry;
        return [id, { ...noted, target: String(copy.id), key: target.objectKey(copy) }];
      }),
    );
    // A second restore would have let them refer to each other.
    const twin = new Map(chosen.map(({ id }) => [first.objects.get(String(id)), entries[id]?.target ?? '']));
    for (const { target: id } of Object.values(entries)) {
      const copy = target.object(id);
      const values = [...copy.values].map(([attribute, list]) => {
        const isReference = target.attribute(attribute).kind === 'reference';
        return [attribute, list.map((text) => (isReference ? (twin.get(text) ?? text) : text))] as const;
      });
      target.objects.setValues(copy, new Map(values));
    }
    const name = '2099-01-01_00-00-00_00000000';
    const path = join(directory, '.work', dirname(key), `${name}.00000.json`);
    writeFileSync(path, JSON.stringify({ restore: name, entries }));
    const configuration = key.replace('objects', 'configuration').replace(/\.\d+\.json$/, '.json');
    const { $file: _file, ...noted } = json<Record<string, unknown>>(directory, configuration);
    const copy = join(directory, '.work', dirname(configuration), `${name}.json`);
    writeFileSync(copy, JSON.stringify({ ...noted, restore: name, files: [] }));
    return { run, target, first, laptops };
  }

  it('are differences, all of them and each time', async () => {
    const { run, first } = await doubled();
    for (let time = 0; time < 2; time += 1) {
      const again = await run();
      expect(again.result).toMatchObject({ outcome: 'differences-found', created: 0, differences: 9 });
      const named = again.report?.differences.map(({ target }) => target);
      expect(named?.sort()).toEqual([...first.objects.values()].sort());
      expect(again.report?.differences[0]?.what).toMatch(/^[A-Z]+-\d+ was made of an object .* it is there twice$/);
    }
  });

  it('are none any more when they are deleted, or somebody has given them another name', async () => {
    const { run, first, target, laptops } = await doubled();
    const label = target.labelAttribute(target.object(first.objects.get(String(laptops[0]?.id)) ?? '').typeId);
    for (const [source, id] of first.objects) {
      const object = target.object(id);
      if (source === String(laptops[0]?.id)) {
        target.objects.setValues(object, new Map([...object.values, [label?.id ?? 0, ['theirs now']]]));
      } else target.deleteObject(object);
    }
    expect((await run()).report?.differences).toEqual([]);
  });

  it('are not what other choices made', async () => {
    const { site } = companySite();
    const { again } = await copySite(site, emptySiteLike(site), { include: { objects: ['ASSETS-4'] } });
    const second = await again({ include: { objects: ['ASSETS-5'] } });
    expect(second.report?.differences).toEqual([]);
  });
});
