import { idOf } from '../../model/ids.ts';
import { type ApiRecord, isRecord, textOf } from '../../model/json.ts';
import type { PlannedIcon } from '../plan-files.ts';
import type { Planning, SchemaPair } from './planning.ts';

/**
 * The icons of all types: the same one on the same site, else one of the same name, else its image is uploaded. Of two icons
 * of one name each has to stand for another one.
 */
export function planIcons(planning: Planning, pairs: readonly SchemaPair[]): PlannedIcon[] {
  const { input, sameSite } = planning;
  const { target } = input;
  const planned = new Map<string, PlannedIcon>();
  const used = new Set<string>();
  const wanted = new Set(pairs.flatMap(({ source }) => source.types.flatMap(({ record }) => iconOf(record)?.id ?? [])));
  for (const { source } of pairs) {
    for (const { record } of source.types) {
      const icon = iconOf(record);
      if (!icon || planned.has(icon.id)) continue;
      const stored = source.icons.get(icon.id);
      const name = stored?.name || icon.name;
      const itself = sameSite ? target.icons.find((candidate) => idOf(candidate) === icon.id) : undefined;
      // On the same site an icon that is another one of the backup itself stands for no second one.
      const isFree = (id: string) => !used.has(id) && !(sameSite && wanted.has(id));
      const there = itself ?? target.icons.find((candidate) => candidate.name === name && isFree(idOf(candidate)));
      if (there) used.add(idOf(there));
      planned.set(icon.id, {
        source: icon.id,
        where: `icon ${name}`,
        name,
        image: stored?.image?.key ?? null,
        imageSha256: stored?.image?.sha256 ?? null,
        ...(there
          ? {
              action: 'reuse',
              reason: itself ? 'it is there' : 'the target has an icon of this name',
              precondition: `icon ${idOf(there)}`,
              target: idOf(there),
            }
          : planning.absent(null, 'icon', icon.id, `icon ${name}`, 'icon of this name')),
      });
    }
  }
  return [...planned.values()];
}

export function iconOf(type: ApiRecord): { id: string; name: string } | undefined {
  const id = isRecord(type.icon) ? textOf(type.icon.id) : undefined;
  return id === undefined || !isRecord(type.icon) ? undefined : { id, name: textOf(type.icon.name) ?? '' };
}
