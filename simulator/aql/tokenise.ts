import { AqlError } from './query.ts';

export interface Token {
  kind: 'word' | 'quoted' | 'sign' | 'end';
  text: string;
}

/** Splits a query; words with spaces stand in double quotes, a quote inside is `\"` and a backslash `\\` (AQLDOC). */
export function tokenise(query: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|"((?:[^"\\]|\\.)*)"|(==|!=|<=|>=|[=<>(),])|([^\s"=<>!(),]+)/gsy;
  while (pattern.lastIndex < query.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(query);
    if (!match) throw new AqlError(`The query cannot be read from "${query.slice(start, start + 20)}"`);
    const [, quoted, sign, word] = match;
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replaceAll(/\\(.)/gs, '$1') });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign === '==' ? '=' : sign });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
  }
  return tokens;
}
