import type { Refusal } from '../site/refusal.ts';

/** What the site answers. `json` is serialised late, so that faults can still change a list. */
export interface Answer {
  status: number;
  json?: unknown;
  /** Bytes instead of JSON. */
  bytes?: Buffer;
  contentType?: string;
  headers?: Record<string, string>;
}

export function ok(json: unknown): Answer {
  return { status: 200, json };
}

export function created(json: unknown): Answer {
  return { status: 201, json };
}

export function noBody(status = 200): Answer {
  return { status };
}

/** The `Errors` schema of the specification. */
export function errorAnswer(status: number, errorMessages: string[], errors: Record<string, string> = {}): Answer {
  return { status, json: { errorMessages, errors } };
}

/** The body that JSDCLOUD-17071 shows for a route that does not exist. `path` is the part after the v1 base. */
export function noSuchRoute(path: string): Answer {
  return {
    status: 404,
    contentType: 'application/problem+json',
    json: {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: `No static resource api/v1${path.replace(/\/$/, '')}.`,
      instance: `/api/v1${path}`,
    },
  };
}

export function htmlPage(status: number, text = 'Atlassian is temporarily unavailable'): Answer {
  const page = `<!DOCTYPE html>\n<html><head><title>${text}</title></head><body><h1>${text}</h1></body></html>\n`;
  return { status, bytes: Buffer.from(page), contentType: 'text/html;charset=UTF-8' };
}

/** General messages and field errors, as the observed bodies show them: field errors stand alone. */
export function refusalAnswer(refusal: Refusal): Answer {
  return errorAnswer(refusal.status, refusal.message === '' ? [] : [refusal.message], refusal.errors);
}
