/**
 * Why a site refuses a value or a field, as far as its text tells (reference, section 7: texts that tools have seen;
 * which text belongs to which violation is partly inferred).
 */
export type RefusalKind =
  | 'required'
  | 'duplicate'
  | 'restricted'
  | 'invalid'
  | 'not-found'
  | 'unknown-user'
  | 'unknown-group'
  | 'too-many-values'
  | 'too-long'
  | 'other-schema'
  | 'name-taken'
  | 'other';

/** One entry of `errors` in an answer 400. */
export interface FieldRefusal {
  /** The body's field, or the id of the attribute (`rlabs-insight-attribute-<id>`). */
  readonly field: string;
  readonly attributeId?: string;
  readonly kind: RefusalKind;
}

/** What each kind means, to go after "because ". */
export const refusalReasons: Readonly<Record<RefusalKind, string>> = {
  required: 'the attribute is required on the target and would be empty',
  duplicate: 'the attribute is unique on the target and another object has the value',
  restricted: 'a restriction of the attribute on the target does not allow the value',
  invalid: 'the target says that the value is not valid',
  'not-found': 'the target does not know what the value names',
  'unknown-user': 'the target does not know the user',
  'unknown-group': 'the target does not know the group',
  'too-many-values': 'the attribute takes fewer values on the target',
  'too-long': 'the target does not take a text of this length',
  'other-schema': 'the other schema does not allow references from this one',
  'name-taken': 'the name is taken on the target',
  other: 'the target refused it without a reason that this program knows',
};
