import type { AssetsReader, ObjectPageQuery, ObjectScope } from '../../core/ports/assets-reader.ts';
import type { AssetsSite } from '../../core/ports/assets-site.ts';
import type { Services } from '../../core/ports/services.ts';
import type { ObjectType } from '../../simulator/site/records.ts';

interface Watch {
  objects(query: ObjectPageQuery): Promise<void>;
  afterCount(scope: ObjectScope): Promise<void>;
}

/** Is told before a page of objects is asked for, and after they were counted. */
export function withReader(services: Services, watch: Watch): Services {
  const reader: AssetsSite['reader'] = (...of) => {
    const inner = services.site.reader(...of);
    return new Proxy(inner, {
      get(target, name: keyof AssetsReader) {
        if (name === 'objects')
          return async (query: ObjectPageQuery) => {
            await watch.objects(query);
            return inner.objects(query);
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
