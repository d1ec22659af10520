import { FUNCTION_NAMES, REFUSED_FUNCTION_NAMES } from './states-functions.ts';

/** The fields of `$states`; which of them has a value depends on the field that an expression stands in. */
export type StatesField = 'input' | 'context' | 'result' | 'errorOutput';

/** What of the context there is here. */
const CONTEXT_FIELDS: ReadonlySet<string> = new Set(['Execution', 'Map']);

/** What an expression mentions. */
export type ExpressionNames = {
  /** State machine variables it reads. */
  variables: ReadonlySet<string>;
  /** Reads that can never have a value, as sentences. */
  problems: readonly string[];
};

/** A node of JSONata's syntax tree, whose published type leaves most of it out. */
type Node = Readonly<Record<string, unknown>>;

/** What is known where a node stands. `locals` is added to by `:=`, as JSONata's own frames are. */
type Place = { locals: Set<string>; hasContext: boolean };

/** Below these, JSONata evaluates once for each value of what stands before: bare field names and `$` mean something. */
const GIVES_CONTEXT: ReadonlySet<string> = new Set([
  'predicate',
  'stages',
  'group',
  'terms',
  'pattern',
  'update',
  'delete',
]);

/** Not part of the expression: bookkeeping of the parser for `%` and for signatures. */
const NOT_SYNTAX: ReadonlySet<string> = new Set(['signature', 'ancestor', 'seekingParent', 'slot', 'nextFunction']);

const STEPS: ReadonlySet<string> = new Set(['steps']);
const NONE: ReadonlySet<string> = new Set();

/** Reads a syntax tree as Step Functions does when it is given a definition: `$states` and variables, and no input of its own. */
export function findNames(tree: object, statesFields: ReadonlySet<StatesField>): ExpressionNames {
  const variables = new Set<string>();
  const problems: string[] = [];

  function visitVariable(name: string, { locals, hasContext }: Place): void {
    if (name === '' && !hasContext) problems.push('$ has no value here: expressions have no input but $states.');
    else if (name === '$') problems.push('$$ has no value: expressions have no input but $states.');
    else if (name === '' || name === 'states' || locals.has(name)) return;
    else if (REFUSED_FUNCTION_NAMES.has(name)) problems.push(`$${name} is a function that cannot be called here.`);
    else if (!FUNCTION_NAMES.has(name)) variables.add(name);
  }

  function visitPath(steps: readonly Node[], place: Place): void {
    const [first, second, third] = steps;
    if (
      first?.type === 'variable' &&
      first.value === 'states' &&
      !place.locals.has('states') &&
      second?.type === 'name'
    ) {
      if (!statesFields.has(second.value as StatesField)) {
        problems.push(`$states.${String(second.value)} has no value here, only ${[...statesFields].join(', ')}.`);
      } else if (second.value === 'context' && third?.type === 'name' && !CONTEXT_FIELDS.has(String(third.value))) {
        problems.push(
          `$states.context.${String(third.value)} has no value here, only ${[...CONTEXT_FIELDS].join(', ')}.`,
        );
      }
    }
    // Names bound with @ and # hold from their step to the end of the path.
    const locals = new Set(place.locals);
    for (const [index, step] of steps.entries()) {
      for (const bound of [step.focus, step.index]) if (typeof bound === 'string') locals.add(bound);
      for (const stage of (step.stages ?? []) as Node[]) if (stage.type === 'index') locals.add(String(stage.value));
      visit(step, { locals, hasContext: place.hasContext || index > 0 });
    }
  }

  function visit(value: unknown, place: Place): void {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, place);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const node = value as Node;
    switch (node.type) {
      case 'regex':
        return;
      case 'variable':
        visitVariable(String(node.value), place);
        break;
      case 'name':
      case 'wildcard':
      case 'descendant':
        if (!place.hasContext)
          problems.push(`${String(node.value)} has no value here: fields are read from $states or a variable.`);
        break;
      case 'path': {
        visitPath(node.steps as Node[], place);
        visitChildren(node, place, STEPS);
        return;
      }
      case 'bind': {
        const { value: name } = node.lhs as Node;
        if (name === 'states') problems.push('$states cannot be assigned.');
        // A function may call itself.
        if ((node.rhs as Node).type === 'lambda') place.locals.add(String(name));
        visit(node.rhs, place);
        place.locals.add(String(name));
        return;
      }
      case 'block':
        visitChildren(node, { ...place, locals: new Set(place.locals) });
        return;
      case 'lambda': {
        const names = (node.arguments as Node[]).map((argument) => String(argument.value));
        visit(node.body, { ...place, locals: new Set([...place.locals, ...names]) });
        return;
      }
    }
    visitChildren(node, place);
  }

  function visitChildren(node: Node, place: Place, except: ReadonlySet<string> = NONE): void {
    for (const [key, child] of Object.entries(node)) {
      if (NOT_SYNTAX.has(key) || except.has(key)) continue;
      visit(child, GIVES_CONTEXT.has(key) ? { ...place, hasContext: true } : place);
    }
  }

  visit(tree, { locals: new Set(), hasContext: false });
  return { variables, problems };
}
