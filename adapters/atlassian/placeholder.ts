/** True for what templates say where a value is to be put: `<Atlassian API Token>`, `https://<yoursite>.atlassian.net`. */
export function isPlaceholder(text: string): boolean {
  return /<[^<>]*>/.test(text);
}
