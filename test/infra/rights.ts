import { functionNeeds } from '../../functions/function-needs.ts';
import { type StepFile, settingOf } from '../../functions/step-list.ts';
import { type Anything, flat, resourcesOf, type Template } from './synthesise.ts';

export interface Right {
  readonly effect: string;
  readonly action: string;
  readonly resource: string;
  readonly condition: Anything;
}

const asArray = (value: Anything): Anything[] => (Array.isArray(value) ? value : [value]);

export function rightsIn(document: Anything): Right[] {
  return document.Statement.flatMap(({ Effect, Action, Resource, Condition }: Anything) =>
    asArray(Action).flatMap((action) =>
      asArray(Resource).map((resource) => ({ effect: Effect, action, resource: flat(resource), condition: Condition })),
    ),
  );
}

/** All that a role may do, by the role's logical id. */
export function rightsOf(template: Template, role: string): Right[] {
  const own = template.Resources[role]?.Properties;
  if (own?.ManagedPolicyArns) throw new Error(`${role} has a managed policy, whose rights are not seen here.`);
  const documents = resourcesOf(template, 'AWS::IAM::Policy')
    .map(([, { Properties }]) => Properties)
    .filter(({ Roles }) => Roles.some(({ Ref }: Anything) => Ref === role))
    .map(({ PolicyDocument }) => PolicyDocument);
  return [...documents, ...(own?.Policies ?? []).map(({ PolicyDocument }: Anything) => PolicyDocument)].flatMap(
    rightsIn,
  );
}

/** A function, found by the code that it holds. */
export function functionOf(template: Template, file: StepFile): { readonly id: string; readonly properties: Anything } {
  const found = resourcesOf(template, 'AWS::Lambda::Function').filter(([, { Properties }]) =>
    Properties.Code.ZipFile.includes(`'${file}'`),
  );
  const [first] = found;
  if (!first || found.length !== 1) throw new Error(`${found.length} functions hold ${file}.`);
  return { id: first[0], properties: first[1].Properties };
}

/** Logical id of a function's role. */
export function roleOf(template: Template, file: StepFile): string {
  return functionOf(template, file).properties.Role['Fn::GetAtt'][0];
}

export const functionFiles = Object.keys(functionNeeds) as StepFile[];

/** Those of a stack in which nothing is ever deleted, and no drill made. */
export const functionsOfEveryStack = functionFiles.filter((file) => settingOf(file) === undefined);

/** Settings with which a stack has all that there is. */
export const withAll = {
  keep: { daily: 14, monthly: 12 },
  drill: { schedule: 'cron(0 12 ? * SAT *)', sample: 300, inProduction: true },
};
