import type { SimulatedRequest } from '../http/request.ts';
import type { JsonObject } from '../site/raw-json.ts';
import { fieldError, Refusal } from '../site/refusal.ts';

// Reading of bodies and queries. The API takes numbers as text as well: an official example sends `"type": "0"`.

export function bodyOf(request: SimulatedRequest): JsonObject {
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Refusal(400, 'The body is not a JSON object');
  return body as JsonObject;
}

/** Undefined when the field is absent or null. */
export function textField(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw fieldError(name, `${name} is not a text`);
}

export function requiredText(body: JsonObject, name: string): string {
  const value = textField(body, name);
  if (value === undefined || value.trim() === '') throw fieldError(name, `${name} is required`);
  return value;
}

export function numberField(body: JsonObject, name: string): number | undefined {
  const text = textField(body, name);
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value)) throw fieldError(name, `${name} is not a number`);
  return value;
}

export function requiredNumber(body: JsonObject, name: string): number {
  const value = numberField(body, name);
  if (value === undefined) throw fieldError(name, `${name} is required`);
  return value;
}

export function flagField(body: JsonObject, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw fieldError(name, `${name} is neither true nor false`);
}

export function textList(body: JsonObject, name: string): string[] | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw fieldError(name, `${name} is not a list`);
  return value.map(String);
}

export function flagParameter(request: SimulatedRequest, name: string): boolean {
  // The original scripts send `False`, as Python spells it.
  return request.query.get(name)?.toLowerCase() === 'true';
}

export function numberParameter(request: SimulatedRequest, name: string, standard: number): number {
  const text = request.query.get(name);
  if (text === null || text === '') return standard;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Refusal(400, `${name} is not a number: ${text}`);
  return value;
}

/** The value of a placeholder in the route's path. */
export function pathParameter(request: SimulatedRequest, name = 'id'): string {
  return request.params[name] ?? '';
}
