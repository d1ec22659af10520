import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf, pageOfRoute, type Route, routeOf } from '../../../pages/browser/route.ts';

/** Lone halves of pairs are in no address. */
const text = fc.string({ unit: 'grapheme', minLength: 1 });
const from = fc.nat();
const route: fc.Arbitrary<Route> = fc.oneof(
  fc.constant<Route>({ view: 'backups' }),
  fc.record({ view: fc.constant('backup' as const), backup: text }),
  fc.record({ view: fc.constant('object' as const), backup: text, object: text }),
  fc.record({ view: fc.constant('search' as const), backup: text, words: text, from }),
  fc.record(
    {
      view: fc.constant('diff' as const),
      ...{ left: text, right: text, schema: text, type: text, object: text },
    },
    { requiredKeys: ['view', 'left', 'right'] },
  ),
  fc
    .record(
      {
        view: fc.constant('type' as const),
        ...{ backup: text, schema: text, type: text, from, sort: text, column: text, filter: text },
        order: fc.constantFrom('up' as const, 'down' as const),
      },
      { requiredKeys: ['view', 'backup', 'schema', 'type', 'from', 'order'] },
    )
    .map(({ order, ...others }) => (others.sort === undefined ? others : { ...others, order })),
);

describe('an address of the page', () => {
  it('leads to what it was made of', async () => {
    await fc.assert(
      fc.property(route, (made) => {
        expect(routeOf(hashOf(made))).toEqual(made);
      }),
    );
  });

  it('stays on its page, whatever of it is shown', () => {
    const grid = { view: 'type', backup: 'b', schema: '1', type: '2', from: 0 } as const;
    expect(pageOfRoute({ ...grid, from: 50, sort: 'key', order: 'down' })).toBe(pageOfRoute(grid));
    expect(pageOfRoute({ ...grid, type: '3' })).not.toBe(pageOfRoute(grid));
  });

  it('may be anything that a person has left of it', async () => {
    await fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (rest) => {
        expect(routeOf(`#/${rest}`).view).not.toBe('');
      }),
    );
    expect(routeOf('')).toEqual({ view: 'backups' });
    expect(routeOf('#/backup/%E0%A4%A')).toEqual({ view: 'backup', backup: '%E0%A4%A' });
    expect(routeOf('#/elsewhere')).toEqual({ view: 'unknown' });
    for (const cut of ['backup/', 'backup/b/', 'backup/b/object/', 'backup/b/type/1/', 'backup/b/type//2', 'diff/b/'])
      expect(routeOf(`#/${cut}`), cut).toEqual({ view: 'unknown' });
    expect(routeOf('#/backup/b/search/w?from=-3')).toMatchObject({ from: 0 });
  });
});
