import { ExcessiveAnswer, mostDepth } from './answer-bounds.ts';

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
/** `[` and `{`, `]` and `}` differ by one bit. */
const bit = 0x20;
const opening = 0x7b;
const closing = 0x7d;

/**
 * Looks before it is parsed how many values JSON has and how deep they are nested: `[{},{},...]` takes twenty times its bytes in
 * memory, and whatever walks through a deep value, JSON.stringify too, ends with the stack. Throws ExcessiveAnswer.
 */
export function checkExtent(bytes: Uint8Array, mostValues: number): void {
  const { length } = bytes;
  let depth = 0;
  let values = 1;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) {
      for (at += 1; at < length && bytes[at] !== quote; at += 1) if (bytes[at] === backslash) at += 1;
    } else if (byte === comma) values += 1;
    else if ((byte | bit) === opening) {
      values += 1;
      depth += 1;
      if (depth > mostDepth) throw new ExcessiveAnswer(`JSON that is nested more than ${mostDepth} levels deep`);
    } else if ((byte | bit) === closing) depth -= 1;
  }
  if (values > mostValues) throw new ExcessiveAnswer(`JSON of more than ${mostValues.toLocaleString('en-US')} values`);
}
