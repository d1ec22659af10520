import { expect, it } from 'vitest';
import { ringsSite } from '../../bench/seeds/rings.ts';

it('the worst site: every object is in a circle, with a comment, a changed value and eight attributes', () => {
  const site = ringsSite({ rings: 80 });
  const objects = [...site.objects.all()];
  expect(objects).toHaveLength(80);
  for (const object of objects) {
    const attributes = site.typeAttributes(object.typeId).filter(({ role }) => !role);
    expect(attributes).toHaveLength(8);
    const next = attributes.find(({ kind }) => kind === 'reference');
    let at = object;
    for (let step = 0; step < 10; step += 1) at = site.object(at.values.get(next?.id ?? 0)?.[0] ?? '');
    expect(at).toBe(object);
    expect([site.commentsOf(object.id).length, site.historyOf(object.id).length]).toEqual([1, 1]);
  }
});
