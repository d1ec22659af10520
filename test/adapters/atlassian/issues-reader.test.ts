import { describe, expect, it } from 'vitest';
import { fieldsOf, issuesSite, keysOf, siteWithIssues, value } from './issues-site.ts';

describe('The issues of a field', () => {
  it('are captured with 20 requests: 1,000 of them, each with one of three fields', async () => {
    const { site, objects, offices, affected, schema } = siteWithIssues();
    const third = site.addIssueField({ name: 'Third', contexts: [{ schema }] });
    const ids = [offices.id, affected.id, third.id];
    for (let index = 0; index < 1000; index += 1) {
      const object = objects[index % objects.length];
      if (object) site.addIssue({ key: `ITSM-${index + 1}`, fields: { [ids[index % 3] ?? 0]: object } });
    }
    const { simulator, reader } = await issuesSite({ site });

    const keys: string[] = [];
    for (const field of await fieldsOf(reader)) {
      expect(value(await reader.fieldConfigurations(field))).toHaveLength(1);
      keys.push(...(await keysOf(reader, field)));
    }

    expect(new Set(keys).size).toBe(1000);
    expect(keys).toHaveLength(1000);
    expect(simulator.requests.total).toBe(20);
  });
});
