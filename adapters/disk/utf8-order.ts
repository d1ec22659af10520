/**
 * Puts texts in the order of their UTF-8 bytes, as S3 lists keys. JavaScript compares UTF-16 units, which is the same order but
 * where emoji and other characters beyond U+FFFF are met; only then the bytes themselves are compared.
 */
export function sortByUtf8(texts: string[]): string[] {
  return texts.some((text) => surrogate.test(text))
    ? texts.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
    : texts.sort();
}

const surrogate = /[\ud800-\udfff]/;
