/** What commander takes for a slip of the pen, and is none: an option that another command has. */
const mistaken: Readonly<Record<string, string>> = {
  '--schema':
    '`backup` takes --schemas, once, with commas between the keys, as in --schemas FAC,USERS. --schema KEY is an option of `diff`, and with OLD=NEW too of `restore` and `plan`',
  '--schemas':
    '`restore` and `plan` take --schema, once for each schema, as in --schema FAC --schema USERS or --schema OLD=NEW, and so does `diff`. --schemas KEY,KEY is an option of `backup`',
};

/** Commander's sentence, `error: unknown option '--lokal'` and on a line of its own `(Did you mean --local?)`, as ours are. */
export function mistakeSentence(message: string): string {
  const [, option = ''] = /unknown option '(--schemas?)(?:=.*)?'/.exec(message) ?? [];
  const explained = mistaken[option];
  const said = explained === undefined ? message : `unknown option '${option}': ${explained}`;
  const text = said.replace(/^error: /, '').replaceAll('\n', ' ');
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!)]$/.test(begun) ? begun : `${begun}.`;
}
