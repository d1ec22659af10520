/**
 * Puts values in the place of `${Token}`s, as CDK's definitionSubstitutions do on deployment. Values are escaped, since a
 * token stands inside a JSON string. A token without a value, and a value without a token, are problems.
 */
export function substituteTokens(
  text: string,
  substitutions: Readonly<Record<string, string>>,
): { text: string; problems: string[] } {
  const values = new Map(Object.entries(substitutions));
  const used = new Set<string>();
  const unknown = new Set<string>();
  const substituted = text.replace(/\$\{([^{}]*)\}/g, (whole, token: string) => {
    const value = values.get(token);
    if (value === undefined) {
      unknown.add(token);
      return whole;
    }
    used.add(token);
    return JSON.stringify(value).slice(1, -1);
  });
  const unused = [...values.keys()].filter((token) => !used.has(token));
  return {
    text: substituted,
    problems: [
      ...[...unknown].map((token) => `The token \${${token}} has no value.`),
      ...unused.map((token) => `The value for \${${token}} is not used: the definition has no such token.`),
    ],
  };
}
