import type { AssetsReader, ObjectPageQuery, ObjectScope } from '../../core/ports/assets-reader.ts';
import type { AssetsSite } from '../../core/ports/assets-site.ts';
import type { Services } from '../../core/ports/services.ts';
import type { ObjectType } from '../../simulator/site/records.ts';

interface Watch {
  objects(query: ObjectPageQuery): Promise<void>;
  /** When the page has come, and before who asked for it has it. */
  afterObjects?(query: ObjectPageQuery): Promise<void>;
  afterCount(scope: ObjectScope): Promise<void>;
}

/** Is told before a page of objects is asked for and when it has come, and after they were counted. */
export function withReader(services: Services, watch: Watch): Services {
  const reader: AssetsSite['reader'] = (...of) => {
    const inner = services.site.reader(...of);
    return new Proxy(inner, {
      get(target, name: keyof AssetsReader) {
        if (name === 'objects')
          return async (...asked: Parameters<AssetsReader['objects']>) => {
            await watch.objects(asked[0]);
            const page = await inner.objects(...asked);
            await watch.afterObjects?.(asked[0]);
            return page;
          };
        if (name === 'countObjects')
          return async (scope: ObjectScope) => {
            const count = await inner.countObjects(scope);
            await watch.afterCount(scope);
            return count;
          };
        const member: unknown = target[name];
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  };
  return { ...services, site: { discover: () => services.site.discover(), reader } as AssetsSite };
}

export const isOfType = (scope: ObjectScope, { id }: ObjectType) =>
  'objectTypeId' in scope && scope.objectTypeId === String(id);

/**
 * Has something done as soon as the objects of one type were counted and before a page of another one is asked for, each time: what goes
 * from the one to the other then stands in both.
 */
export function betweenTypes({ from, to }: { readonly from: ObjectType; readonly to: ObjectType }, move: () => void) {
  const counted = Promise.withResolvers<void>();
  return (services: Services) =>
    withReader(services, {
      async objects(query) {
        if (!isOfType(query, to)) return;
        await counted.promise;
        move();
      },
      async afterCount(scope) {
        if (isOfType(scope, from)) counted.resolve();
      },
    });
}
