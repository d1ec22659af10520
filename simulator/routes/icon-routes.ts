import { type Answer, created, errorAnswer, noBody, ok } from '../http/answer.ts';
import type { SimulatedRequest } from '../http/request.ts';
import type { Route } from '../http/route.ts';
import { iconNumber } from '../shapes/links.ts';
import { iconShape } from '../shapes/object-type-shape.ts';
import { drawIcon } from '../site/icon-image.ts';
import { checkIconUnused } from '../site/in-use.ts';
import type { Icon } from '../site/records.ts';
import { fieldError, notFound, Refusal } from '../site/refusal.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { bodyOf, numberParameter, pathParameter, requiredText } from './read-input.ts';

const readIcon = 'read:cmdb-icon:jira';

export const iconRoutes: readonly Route[] = [
  {
    name: 'icon-global',
    method: 'GET',
    path: '/icon/global',
    scope: readIcon,
    handle: (site) => ok([...site.icons.values()].map((icon) => iconShape(site, icon))),
  },
  {
    // First of the three steps by which Salto uploads an icon: token, media upload, create.
    name: 'icon-token',
    method: 'GET',
    path: '/icon/token-for-uploading-icon',
    handle: (site) => ok({ mediaJwtToken: site.nextMediaToken() }),
  },
  {
    name: 'icon-create',
    method: 'POST',
    path: '/icon/create',
    handle: (site, request) => {
      const body = bodyOf(request);
      const fileId = requiredText(body, 'mediaFileUuid');
      const bytes = site.mediaFiles.get(fileId);
      if (!bytes) throw fieldError('mediaFileUuid', `No file was found with id ${fileId}`);
      return created(iconShape(site, site.addIcon(requiredText(body, 'name'), bytes)));
    },
  },
  {
    name: 'icon',
    method: 'GET',
    path: '/icon/{id}',
    scope: readIcon,
    handle: (site, request) => ok(iconShape(site, iconOf(site, pathParameter(request)))),
  },
  {
    name: 'icon-update',
    method: 'PUT',
    path: '/icon/{id}',
    handle: (site, request) => {
      const icon = iconOf(site, pathParameter(request));
      icon.name = requiredText(bodyOf(request), 'name');
      site.configurationChanged();
      return ok(iconShape(site, icon));
    },
  },
  {
    name: 'icon-delete',
    method: 'DELETE',
    path: '/icon/{id}',
    handle: (site, request) => {
      const icon = iconOf(site, pathParameter(request));
      if (!icon.custom) throw new Refusal(400, `Icon ${icon.name} cannot be deleted`);
      checkIconUnused(site, icon);
      site.icons.delete(icon.id);
      site.configurationChanged();
      return noBody();
    },
  },
  {
    name: 'icon-png',
    method: 'GET',
    path: '/icon/{id}/icon.png',
    scope: readIcon,
    handle: (site, request) => pngAnswer(site, request, iconOf(site, pathParameter(request))),
  },
  {
    // The address that an icon has inside a type and in the avatar of an object without one.
    name: 'objecttype-icon-png',
    method: 'GET',
    path: '/objecttype/{id}/icon.png',
    scope: readIcon,
    handle: (site, request) => {
      const type = site.type(pathParameter(request));
      return pngAnswer(site, request, iconOf(site, String(type.iconId)));
    },
  },
];

/** The media service that takes the bytes of an icon; here it is at the simulator's own address. */
export const mediaRoutes: readonly Route[] = [
  {
    name: 'icon-media-upload',
    method: 'POST',
    path: '/file/binary',
    isPublic: true,
    handle: (site, request) => {
      if (!String(request.headers.authorization).startsWith('Bearer jwt-'))
        return errorAnswer(401, ['Media token is missing']);
      const id = site.nextUuid();
      site.mediaFiles.set(id, request.rawBody);
      return created({ data: { id, name: request.query.get('name'), size: request.rawBody.length } });
    },
  },
];

function iconOf(site: SimulatedSite, id: string): Icon {
  const icon = site.icons.get(iconNumber(id));
  if (!icon) throw notFound('icon', id);
  return icon;
}

/** 406 is documented: the answer is an image, and a client may refuse images. */
function pngAnswer(site: SimulatedSite, request: SimulatedRequest, icon: Icon): Answer {
  const accept = String(request.headers.accept ?? '*/*');
  if (!/image\/(png|\*)|\*\/\*/.test(accept)) return { status: 406 };
  const size = Math.min(Math.max(1, numberParameter(request, 'size', 48)), 288);
  const bytes = site.iconImages.get(icon.id) ?? drawIcon(icon.id, size);
  return { status: 200, bytes, contentType: site.quirks.iconContentType ?? 'image/png' };
}
