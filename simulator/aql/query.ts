// The part of AQL that the simulator understands, as a tree. Source: reference section 3 (AQLDOC).

export type Operator =
  | '='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | 'like'
  | 'not like'
  | 'startswith'
  | 'endswith'
  | 'in'
  | 'not in'
  | 'is empty'
  | 'is not empty';

export interface Comparison {
  kind: 'comparison';
  /** A keyword such as `objectTypeId`, an attribute's name, or a dotted path through references. */
  field: string;
  operator: Operator;
  /** One for most operators, several for `in`, none for `is empty`. */
  values: readonly string[];
  /** `objectType in objectTypeAndChildren(values[0])`. */
  withChildren: boolean;
}

export type Condition =
  | Comparison
  | { kind: 'and'; parts: readonly Condition[] }
  | { kind: 'or'; parts: readonly Condition[] };

export interface Query {
  condition: Condition;
  orderBy: { field: string; isDescending: boolean } | undefined;
}

/** What the site says to a query that it does not understand; answered 400. */
export class AqlError extends Error {
  override readonly name = 'AqlError';
}
