import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayFile } from '../../../core/backup-format/record-files.ts';
import { recogniseScripts } from '../../../core/original-scripts/recognise.ts';
import { pythonJson } from './written-scripts.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const schema = fc.record({
  id: fc.nat().map(String),
  objectSchemaKey: fc.stringMatching(/^[A-Z]{2,9}$/),
  name: fc.string(),
});

describe('a list of schemas', () => {
  it('is known by how it is written: by the scripts in any form of JSON, by a run of ours in just one', () => {
    const property = fc.property(fc.array(schema, { minLength: 1, maxLength: 5 }), (schemas) => {
      const keys = schemas.map(({ objectSchemaKey }) => objectSchemaKey);
      const forms = [pythonJson(schemas), JSON.stringify(schemas), JSON.stringify(schemas, null, 4)];
      for (const form of forms) expect(recogniseScripts(bytes(form))).toEqual({ schemas: keys });
      const ours = arrayFile(schemas.map((one) => JSON.stringify(one)));
      expect(recogniseScripts(ours)).toBeUndefined();
    });
    fc.assert(property);
  });

  it.each(['', '[]', '{}', 'null', '[1]', '[{"a":1}]', '[{'])('%j is none of theirs', (text) => {
    expect(recogniseScripts(bytes(text))).toBeUndefined();
  });
});
