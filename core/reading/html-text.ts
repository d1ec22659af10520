export const withoutTags = (html: string) => html.replaceAll(/<[a-z!/][^<>]*>/gi, '');

/** HTML as people read it: lines where paragraphs, items and breaks end, without tags. */
export function readableHtml(html: string): string {
  const withLines = html.replaceAll(/<(?:br|\/p|\/div|\/li|\/tr|\/h[1-6]|\/pre|\/blockquote)\b[^<>]*>\s*/gi, '\n');
  return decodedEntities(withoutTags(withLines)).trim();
}

/** Entities that a site may write for what stands in a mark, and the basic ones. */
const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['lsqb', '['],
  ['lbrack', '['],
  ['rsqb', ']'],
  ['rbrack', ']'],
  ['comma', ','],
  ['hyphen', '-'],
  ['dash', '-'],
]);

/** Text in which no entity is left that is known here. */
export function decodedEntities(html: string): string {
  return html.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/gi, (entity, decimal, hex, name) => {
    if (name !== undefined) return entities.get(name.toLowerCase()) ?? entity;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10_ffff ? String.fromCodePoint(code) : entity;
  });
}
