/** A sentence of somebody else, so that another one can follow it. */
export function withFullStop(text: string): string {
  const sentence = text.trim();
  return /(^|[.!?])$/.test(sentence) ? sentence : `${sentence}.`;
}
