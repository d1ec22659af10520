import { created, ok } from '../http/answer.ts';
import type { Route } from '../http/route.ts';
import { commentShape } from '../shapes/activity-shapes.ts';
import { fieldError } from '../site/refusal.ts';
import { bodyOf, numberField, pathParameter, requiredText } from './read-input.ts';

/** Undocumented; the original scripts called them in 2022 and 2023. A site may not have them, which is a quirk. */
export const commentRoutes: readonly Route[] = [
  {
    name: 'comments',
    method: 'GET',
    path: '/comment/object/{id}',
    handle: (site, request) => ok(site.comments(site.visibleObject(pathParameter(request)).id)),
  },
  {
    name: 'comment-create',
    method: 'POST',
    path: '/comment/create',
    handle: (site, request) => {
      const body = bodyOf(request);
      const object = site.objects.get(Number(requiredText(body, 'objectId')));
      if (!object || !site.roles.seesObject(object)) throw fieldError('objectId', 'No object was found with this id');
      const comment = site.comment({
        object,
        text: requiredText(body, 'comment'),
        role: numberField(body, 'role') ?? 0,
      });
      return created(commentShape(site, comment, object.id));
    },
  },
];
