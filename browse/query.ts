import { WrongInputError } from '../core/errors.ts';

/** A field of a query that has to be there. Throws WrongInputError. */
export function asked(query: URLSearchParams, field: string): string {
  const text = query.get(field);
  if (text === null || text === '') throw new WrongInputError(`The query needs ${field}.`);
  return text;
}

/** Which of many are wanted. Throws WrongInputError. */
export function askedPage(query: URLSearchParams): { readonly from: number; readonly count: number } {
  return { from: askedNumber(query, 'from', 0), count: Math.min(askedNumber(query, 'count', usualCount), mostCount) };
}

const usualCount = 50;
const mostCount = 500;

function askedNumber(query: URLSearchParams, field: string, otherwise: number): number {
  const text = query.get(field);
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new WrongInputError(`The query's ${field} is no number.`);
  return Number(text);
}
