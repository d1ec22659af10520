/** What the ids of the source site are called on the target; undefined where the target has no such thing. */
export interface AqlIds {
  objectType(id: string): string | undefined;
  objectSchema(id: string): string | undefined;
  object(id: string): string | undefined;
  objectKey(key: string): string | undefined;
  /** Left out: schemas keep their keys and names, and `objectSchema = …` stays as it is. */
  schemaKeyOrName?(text: string): string | undefined;
}

export interface MappedAql {
  /** As it came where anything is unmapped: a filter with ids of two sites would be worse than none. */
  readonly query: string;
  /** Field and id of what the target does not have (`objectTypeId 23`), each once. Such a query has to be left off. */
  readonly unmapped: readonly string[];
}

/**
 * Rewrites the ids in an AQL filter. Everything else stays byte for byte, and so does what cannot be read as AQL.
 * Fields, operators and functions: reference, section 3 (AQLDOC); names are case-insensitive on Cloud. A name in quotes is
 * taken for the same field. Not looked into: JQL in `connectedTickets(…)`, whose keys are those of work items.
 */
export function mapAqlIds(query: string, ids: AqlIds): MappedAql {
  const unmapped = new Set<string>();
  let mapped = '';
  let copiedTo = 0;
  for (const { token, field } of idsIn(tokenise(query))) {
    const target = field.map(token.text, ids);
    if (target === undefined) unmapped.add(`${field.name} ${token.text}`);
    else if (target !== token.text) {
      mapped += query.slice(copiedTo, token.start) + spelt(target, token);
      copiedTo = token.end;
    }
  }
  if (unmapped.size > 0) return { query, unmapped: [...unmapped] };
  return { query: mapped + query.slice(copiedTo), unmapped: [] };
}

interface Field {
  readonly name: string;
  /** False for what stands in the place of an id and is none, such as a placeholder. */
  isId(text: string): boolean;
  map(text: string, ids: AqlIds): string | undefined;
}

const isNumber = (text: string) => /^\d+$/.test(text);
const isObjectKey = (text: string) => /^[\p{L}\p{N}_]+-\d+$/u.test(text);
const isPlaceholder = (text: string) => /\$\\?\{/.test(text);

/** Keys are written in capitals, but AQL takes them in any case. */
const mapKey = (key: string, ids: AqlIds) => ids.objectKey(key) ?? ids.objectKey(key.toUpperCase());
const mapSchema = (text: string, ids: AqlIds) => (ids.schemaKeyOrName ? ids.schemaKeyOrName(text) : text);

const objectTypeId: Field = { name: 'objectTypeId', isId: isNumber, map: (id, ids) => ids.objectType(id) };
const fields = byLowerCaseName([
  objectTypeId,
  { name: 'objectSchemaId', isId: isNumber, map: (id, ids) => ids.objectSchema(id) },
  { name: 'objectId', isId: isNumber, map: (id, ids) => ids.object(id) },
  { name: 'object', isId: isObjectKey, map: mapKey },
  { name: 'Key', isId: isObjectKey, map: mapKey },
  { name: 'objectSchema', isId: (text) => text !== '' && !isPlaceholder(text), map: mapSchema },
]);

/** Functions whose arguments are ids themselves. AQL as an argument needs no entry: it is looked through like the rest. */
const idFunctions: ReadonlyMap<string, Field> = new Map([['objecttypeandchildren', objectTypeId]]);
const comparisons = new Set(['=', '==', '!=', '<', '>', '<=', '>=']);

function byLowerCaseName(list: readonly Field[]): ReadonlyMap<string, Field> {
  return new Map(list.map((field) => [field.name.toLowerCase(), field]));
}

/** Ids in the order in which they stand, each with the field that it belongs to. */
function idsIn(tokens: readonly Token[]): { readonly token: Token; readonly field: Field }[] {
  const found = [];
  const brackets: Bracket[] = [];
  for (const [index, token] of tokens.entries()) {
    if (isSign(token, '(')) brackets.push(bracketAt(tokens, index, brackets.at(-1)));
    else if (isSign(token, ')')) brackets.pop();
    else if (token.kind !== 'sign' && !isSign(tokens[index + 1], '(') && !brackets.at(-1)?.isJql) {
      const field = comparedField(tokens, index) ?? brackets.at(-1)?.field;
      if (field?.isId(token.text)) found.push({ token, field });
    }
  }
  return found;
}

interface Bracket {
  /** What values right inside the bracket are ids of: after `objectTypeId in`, and in an id function. */
  readonly field: Field | undefined;
  readonly isJql: boolean;
}

function bracketAt(tokens: readonly Token[], index: number, outer: Bracket | undefined): Bracket {
  const before = wordOf(tokens[index - 1]);
  const isNot = wordOf(tokens[index - 2]) === 'not';
  const field = before === 'in' ? fieldOf(tokens[index - (isNot ? 3 : 2)]) : idFunctions.get(before);
  return { field, isJql: outer?.isJql === true || before === 'connectedtickets' };
}

function comparedField(tokens: readonly Token[], index: number): Field | undefined {
  const operator = tokens[index - 1];
  return operator?.kind === 'sign' && comparisons.has(operator.text) ? fieldOf(tokens[index - 2]) : undefined;
}

function fieldOf(token: Token | undefined): Field | undefined {
  return token && token.kind !== 'sign' ? fields.get(lastName(token.text)) : undefined;
}

const isSign = (token: Token | undefined, sign: string) => token?.kind === 'sign' && token.text === sign;
const wordOf = (token: Token | undefined) => (token?.kind === 'word' ? token.text.toLowerCase() : '');

/** The attribute at the end of a dotted path: `Owner.objectTypeId`, and `.objectTypeId` after a name in quotes. */
function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'sign';
  /** Of quoted text what is between the quotes, without escapes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A placeholder is part of a word, whatever stands in it: `${Location}`, `${Name of it${0}}`, `$\{Location.label\}`. */
const placeholder = String.raw`\$\{(?:[^{}"]|\$\{[^{}"]*\})*\}|\$\\\{[^{}"]*\}`;
const tokenPattern = new RegExp(
  String.raw`"([^"\\]*(?:\\.[^"\\]*)*)"|(==|!=|<=|>=|[=<>!(),])|((?:${placeholder}|\\"|[$\\]|[^\s"=<>!(),$\\]+)+)`,
  'gs',
);

/** Splits a query; outside quotes `\"` is part of a word (`15\" screen`, AQLDOC). A quote that is never closed ends it, since nobody can say what is text from there on. */
function tokenise(query: string): Token[] {
  const tokens: Token[] = [];
  let readTo = 0;
  for (const match of query.matchAll(tokenPattern)) {
    if (query.slice(readTo, match.index).includes('"')) break;
    const [all, quoted, sign, word] = match;
    readTo = match.index + all.length;
    const place = { start: match.index, end: readTo };
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replaceAll(/\\(.)/gs, '$1'), ...place });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, ...place });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, ...place });
  }
  return tokens;
}

/** A value in the quotes that the old one had, or that it needs. */
function spelt(text: string, { kind }: Token): string {
  const isPlain = /^[\p{L}\p{N}_-]+$/u.test(text);
  return kind === 'word' && isPlain ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
