import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssetsSite } from '../../../adapters/atlassian/assets-site.ts';
import { RequestRefusedError } from '../../../core/errors.ts';
import { type Id, idOf } from '../../../core/model/ids.ts';
import type { AssetsWriter, SentValues } from '../../../core/ports/assets-writer.ts';
import type { Quirks } from '../../../simulator/site/quirks.ts';
import { SimulatedSite } from '../../../simulator/site/simulated-site.ts';
import { startSimulator } from '../../../simulator/start-simulator.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { ample, loginSettings, RecordingReporter } from './test-site.ts';

type Forms = Pick<Quirks, 'attributeIds' | 'referenceValues' | 'groupValues' | 'otherAttributeIds' | 'otherValues'>;

const outcomes = ['refused', 'ignored'] as const;
const allForms: Forms[] = (['text', 'number'] as const).flatMap((attributeIds) =>
  (['key', 'id'] as const).flatMap((referenceValues) =>
    (['name', 'groupId'] as const).flatMap((groupValues) =>
      outcomes.flatMap((otherAttributeIds) =>
        outcomes.map((otherValues) => ({ attributeIds, referenceValues, groupValues, otherAttributeIds, otherValues })),
      ),
    ),
  ),
);

/** One write of an object's attributes, and whether the site has a reason of its own to refuse it. */
interface Step {
  readonly kind: 'create' | 'update';
  readonly name: boolean;
  readonly reference: boolean;
  readonly group: boolean;
  readonly refusal: 'none' | 'unknown user' | 'duplicate' | 'one 400';
}

const attributes = ['Name', 'Points', 'Team', 'Owner', 'Serial'] as const;
type AttributeName = (typeof attributes)[number];

class Site {
  readonly site = new SimulatedSite();
  readonly #type = this.site.addType({ schema: this.site.addSchema({ key: 'ONE' }), name: 'Thing' });
  readonly #group = this.site.addGroup('admins');
  readonly #target: { id: number };
  readonly #ids = new Map<AttributeName, number>();
  /** What has to stand in the end, by object and attribute. */
  readonly #wanted: [id: number, attribute: AttributeName, value: string][] = [];
  #objects = 0;

  constructor(isNameRequired: boolean) {
    const type = this.#type;
    const own = {
      Points: this.site.addAttribute({ type, name: 'Points', target: type, multiple: true }),
      Team: this.site.addAttribute({ type, name: 'Team', kind: 'group' }),
      Owner: this.site.addAttribute({ type, name: 'Owner', kind: 'user' }),
      Serial: this.site.addAttribute({ type, name: 'Serial' }),
    };
    for (const [name, { id }] of Object.entries(own)) this.#ids.set(name as AttributeName, id);
    const name = this.site.typeAttributes(type.id).find((attribute) => attribute.role === 'name');
    if (!name) throw new Error('The type has no name.');
    name.minimumCardinality = isNameRequired ? 1 : 0;
    this.#ids.set('Name', name.id);
    own.Serial.unique = true;
    this.#target = this.site.addObject({ type, name: 'target', values: { Serial: 'taken' } });
  }

  get typeId() {
    return String(this.#type.id) as Id<'object type'>;
  }

  /** Values of a step as a restore sends them, with what the site refuses for a reason that no form mends. */
  values(step: Step): SentValues[] {
    const sent = (name: AttributeName, value: string, more: Partial<SentValues> = {}): SentValues => ({
      attributeId: String(this.#ids.get(name)) as Id<'object type attribute'>,
      values: [value],
      ...more,
    });
    const { id } = this.#target;
    return [
      ...(step.name || step.kind === 'create' ? [sent('Name', `object ${this.#objects}`)] : []),
      ...(step.reference
        ? [sent('Points', `ONE-${id}`, { alternatives: { of: 'object', values: [String(id)] } })]
        : []),
      ...(step.group ? [sent('Team', 'admins', { alternatives: { of: 'group', values: [this.#group.groupId] } })] : []),
      ...(step.refusal === 'unknown user' ? [sent('Owner', 'nobody')] : []),
      ...(step.refusal === 'duplicate' ? [sent('Serial', 'taken')] : []),
    ];
  }

  /** As a restore writes: it leaves out what was refused, or tries it alone, and completes by a second write what is not whole. */
  async write(writer: AssetsWriter, step: Step): Promise<void> {
    this.#objects += 1;
    const id = step.kind === 'create' ? undefined : this.site.addObject({ type: this.#type, name: '' }).id;
    let values = this.values(step);
    if (id !== undefined) return this.#update(writer, id, values);
    for (;;) {
      try {
        const { object, unwritten } = await writer.createObject(this.typeId, values);
        const made = Number(idOf(object));
        const later = values.filter(({ attributeId }) => unwritten.includes(attributeId));
        this.#want(made, values);
        if (later.length > 0) await this.#update(writer, made, later);
        return;
      } catch (error) {
        if (!(error instanceof RequestRefusedError)) throw error;
        const named = error.refusals.map(({ attributeId }) => attributeId);
        const rest = values.filter(({ attributeId }) => !named.includes(attributeId));
        if (error.refusals.length > 0 && rest.length === values.length) throw error;
        values = rest;
      }
    }
  }

  async #update(writer: AssetsWriter, id: number, values: readonly SentValues[]): Promise<void> {
    this.#want(id, values);
    const write = (some: readonly SentValues[]) => writer.updateObject(String(id) as Id<'object'>, this.typeId, some);
    try {
      await write(values);
    } catch (error) {
      if (!(error instanceof RequestRefusedError)) throw error;
      for (const one of values) {
        await write([one]).catch((refusal: unknown) => {
          if (!(refusal instanceof RequestRefusedError)) throw refusal;
        });
      }
    }
  }

  #want(id: number, values: readonly SentValues[]): void {
    for (const [name, attribute] of this.#ids) {
      const sent = values.find(({ attributeId }) => attributeId === String(attribute));
      const [value] = sent?.alternatives?.of === 'object' ? sent.alternatives.values : (sent?.values ?? []);
      if (value !== undefined && name !== 'Owner' && name !== 'Serial') this.#wanted.push([id, name, value]);
    }
  }

  /** Whatever does not stand although the site would take it. */
  missing(): string[] {
    return this.#wanted.flatMap(([id, name, value]) => {
      const there = this.site.object(id).values.get(this.#ids.get(name) ?? 0) ?? [];
      return there.includes(value) ? [] : [`${id} ${name}`];
    });
  }

  /** Objects besides the target. */
  get count(): number {
    return [...this.site.objects.all()].length - 1;
  }
}

async function written(
  forms: Forms,
  steps: readonly Step[],
  { isNameRequired = false, together = false } = {},
): Promise<{ missing: string[]; objects: number; requests: number }> {
  const pretend = new Site(isNameRequired);
  const simulator = await startSimulator({ site: pretend.site, quirks: forms });
  try {
    const settings = loginSettings({ siteName: simulator.url, apiUrl: simulator.url, ...simulator.credentials });
    const clock = new VirtualClock({ runs: true });
    const assets = createAssetsSite({ settings, clock, reporter: new RecordingReporter() });
    const writer = assets.writer(await assets.discover(), ample);
    const write = async (step: Step) => {
      if (step.refusal === 'one 400') {
        const fault = { kind: 'status', status: 400, body: { errorMessages: ['busy'], errors: {} } } as const;
        simulator.faults.add({ endpoint: ['object-create', 'object-update'], times: 1, fault });
      }
      await pretend.write(writer, step);
    };
    if (together) await Promise.all(steps.map(write));
    else for (const step of steps) await write(step);
    const { retries: _, ...counts } = writer.requests();
    const requests = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return { missing: pretend.missing(), objects: pretend.count, requests };
  } finally {
    await simulator.close();
  }
}

const step = (kind: Step['kind'], refusal: Step['refusal'] = 'none'): Step => ({
  kind,
  name: false,
  reference: true,
  group: true,
  refusal,
});

/** Groups go with references here; the property below has them apart. */
const fourByFour = allForms.filter(
  ({ referenceValues, groupValues }) => (referenceValues === 'key') === (groupValues === 'name'),
);

describe.each(fourByFour)(
  'With ids as $attributeIds (else $otherAttributeIds) and references as $referenceValues (else $otherValues)',
  (forms) => {
    it.each<[Step['refusal'], Step['kind']]>([
      ['none', 'create'],
      ['none', 'update'],
      ['one 400', 'create'],
      ['unknown user', 'create'],
      ['duplicate', 'update'],
      ['one 400', 'update'],
    ])('every value stands where the reason to refuse the first write is: %s (%s)', async (refusal, kind) => {
      const steps = [step(kind, refusal), step(kind), step('update'), step('create')];
      expect(await written(forms, steps)).toMatchObject({ missing: [], objects: 4 });
    });
  },
);

const anyStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('create', 'update'),
  name: fc.boolean(),
  reference: fc.boolean(),
  group: fc.boolean(),
  refusal: fc.constantFrom('none', 'none', 'unknown user', 'duplicate'),
});

describe('In whatever order writes come and are refused', () => {
  it('every value stands that the site would take, and every object is made once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...allForms),
        fc.array(anyStep, { minLength: 1, maxLength: 6 }),
        fc.record({ isNameRequired: fc.boolean(), together: fc.boolean() }),
        async (forms, steps, how) => {
          const { missing, objects, requests } = await written(forms, steps, how);
          expect(missing).toEqual([]);
          expect(objects).toBe(steps.length);
          expect(requests).toBeLessThanOrEqual(steps.length * 40);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('A site that takes the documented form', () => {
  it('is asked for three objects more at most', async () => {
    const forms: Forms = {
      attributeIds: 'both',
      referenceValues: 'both',
      groupValues: 'both',
      otherAttributeIds: 'ignored',
      otherValues: 'refused',
    };
    const only = (what: 'name' | 'reference' | 'group'): Step => ({
      kind: 'create',
      name: what === 'name',
      reference: what === 'reference',
      group: what === 'group',
      refusal: 'none',
    });
    const steps = [only('name'), only('reference'), only('group'), only('group'), only('reference'), only('name')];
    expect(await written(forms, steps)).toEqual({ missing: [], objects: 6, requests: 9 });
  });
});
