/** The kinds of attributes, with their numbers on the wire (reference section 2.3). */
export const kinds = {
  text: { type: 0, defaultType: { id: 0, name: 'Text' } },
  integer: { type: 0, defaultType: { id: 1, name: 'Integer' } },
  boolean: { type: 0, defaultType: { id: 2, name: 'Boolean' } },
  double: { type: 0, defaultType: { id: 3, name: 'Double' } },
  date: { type: 0, defaultType: { id: 4, name: 'Date' } },
  time: { type: 0, defaultType: { id: 5, name: 'Time' } },
  datetime: { type: 0, defaultType: { id: 6, name: 'DateTime' } },
  url: { type: 0, defaultType: { id: 7, name: 'Url' } },
  email: { type: 0, defaultType: { id: 8, name: 'Email' } },
  textarea: { type: 0, defaultType: { id: 9, name: 'Textarea' } },
  select: { type: 0, defaultType: { id: 10, name: 'Select' } },
  ipAddress: { type: 0, defaultType: { id: 11, name: 'IP Address' } },
  reference: { type: 1, defaultType: undefined },
  user: { type: 2, defaultType: undefined },
  confluence: { type: 3, defaultType: undefined },
  group: { type: 4, defaultType: undefined },
  version: { type: 5, defaultType: undefined },
  project: { type: 6, defaultType: undefined },
  status: { type: 7, defaultType: undefined },
  bitbucket: { type: 8, defaultType: undefined },
} as const satisfies Record<string, { type: number; defaultType: { id: number; name: string } | undefined }>;

export type Kind = keyof typeof kinds;

/** The kind with these numbers; undefined when there is none. */
export function kindOf(type: number, defaultTypeId: number | undefined): Kind | undefined {
  for (const [name, numbers] of Object.entries(kinds)) {
    if (numbers.type === type && (type !== 0 || numbers.defaultType?.id === defaultTypeId)) return name as Kind;
  }
  return undefined;
}
