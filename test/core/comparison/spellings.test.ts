import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparable } from '../../../core/comparison/spellings.ts';
import { type AttributeKind, defaultKind, kind } from '../../../core/reading/attribute-kinds.ts';

const plain = (defaultTypeId: number): AttributeKind => ({ type: 0, defaultTypeId });
const date = plain(defaultKind.date);
const time = plain(defaultKind.time);
const dateTime = plain(defaultKind.dateTime);
const numbers = [plain(defaultKind.integer), plain(defaultKind.double)];
const spelt = [date, time, dateTime, plain(defaultKind.boolean), ...numbers];
const literal = [
  ...Object.values(defaultKind).map(plain),
  ...Object.values(kind).map((type): AttributeKind => ({ type })),
].filter((of) => !spelt.some(({ type, defaultTypeId }) => of.type === type && of.defaultTypeId === defaultTypeId));

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number) => String(number).padStart(2, '0');
const hour = 3_600_000;
const day = 24 * hour;

/** All ways in which a day may be written. */
function spellingsOfDay(at: Date): string[] {
  const [iso, dayOfMonth] = [at.toISOString().slice(0, 10), at.getUTCDate()];
  const month = months[at.getUTCMonth()] ?? '';
  const year = at.getUTCFullYear();
  return [
    iso,
    `${dayOfMonth}/${month}/${year}`,
    `${two(dayOfMonth)}/${month.toUpperCase()}/${two(year % 100)}`,
    ...['Z', '', '.000Z', '.000+0000', '+02:00', '-0800', '+10'].map((end) => `${iso}T00:00:00${end}`),
    `${two(dayOfMonth)}/${month}/${two(year % 100)} 12:00 AM`,
    ` ${iso} `,
  ];
}

const offsets = ['+02:00', '-0530', '+10', '+0000', '-11:45'] as const;
const offsetOf = (zone: string) => {
  const [, sign, hours, minutes = '0'] = /^(.)(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
};
const clockOf = (at: Date) => `${at.getUTCHours() % 12 || 12}:${two(at.getUTCMinutes())}`;
const halfOf = (at: Date) => (at.getUTCHours() < 12 ? 'AM' : 'PM');

/** All ways in which a moment of a whole minute may be written. */
function spellingsOfMoment(at: Date): string[] {
  const iso = at.toISOString();
  const minute = iso.slice(0, 16);
  const month = months[at.getUTCMonth()] ?? '';
  return [
    iso,
    ...['', 'Z', ':00', ':00Z', ':00.0Z', ':00.000', ':00.000000000Z', ':00,000+0000'].map((end) => `${minute}${end}`),
    minute.replace('T', ' '),
    `${at.getUTCDate()}/${month}/${two(at.getUTCFullYear() % 100)} ${clockOf(at)} ${halfOf(at)}`,
    `${at.getUTCDate()}/${month}/${at.getUTCFullYear()} ${clockOf(at)}${halfOf(at).toLowerCase()}`,
    ...offsets.map((zone) => `${new Date(at.getTime() + offsetOf(zone)).toISOString().slice(0, 23)}${zone}`),
    // A number of milliseconds has as many digits only between these times.
    ...(at.getTime() >= 1e11 && at.getTime() < 1e13 ? [String(at.getTime())] : []),
  ];
}

const daysOfCentury = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((at) => new Date(Math.floor(at.getTime() / day) * day));
const minutes = daysOfCentury.chain((at) => fc.nat({ max: 1439 }).map((of) => new Date(at.getTime() + of * 60_000)));
const comparableTo = (of: AttributeKind) => (text: string) => comparable(text, of);
const oneOf = (texts: readonly string[]) => new Set(texts).size;

describe('the spelling by which values are compared', () => {
  it('is one for all spellings of a day, and another for another day', () => {
    fc.assert(
      fc.property(daysOfCentury, daysOfCentury, (one, other) => {
        const [a, b] = [one, other].map((at) => spellingsOfDay(at).map(comparableTo(date)));
        expect(oneOf(a ?? [])).toBe(1);
        expect(oneOf([...(a ?? []), ...(b ?? [])])).toBe(one.getTime() === other.getTime() ? 1 : 2);
      }),
    );
  });

  it('is one for all spellings of a moment, and another for another moment', () => {
    fc.assert(
      fc.property(minutes, fc.constantFrom(0, 1, 1_000, 60_000, hour, day), (one, later) => {
        const other = new Date(one.getTime() + later).toISOString();
        const texts = [...spellingsOfMoment(one), other].map(comparableTo(dateTime));
        expect(oneOf(texts)).toBe(later === 0 ? 1 : 2);
      }),
    );
  });

  it('takes a day for the moment at which it begins', () => {
    expect(comparable('2021-02-16', dateTime)).toBe(comparable('16/Feb/21 12:00 AM', dateTime));
    expect(comparable('16/Feb/21', dateTime)).toBe(comparable('2021-02-16T00:00:00.000Z', dateTime));
  });

  it('is one for all spellings of a time of day, and another for another time', () => {
    fc.assert(
      fc.property(minutes, fc.nat({ max: 1439 }), (one, later) => {
        const other = new Date(one.getTime() + later * 60_000);
        const texts = (at: Date) => {
          const [, clock = ''] = at.toISOString().slice(0, 16).split('T');
          const half = `${clockOf(at)} ${halfOf(at)}`;
          return [clock, `${clock}:00`, `${clock}:00.000`, half, half.toLowerCase(), `1970-01-01T${clock}:00.000Z`];
        };
        expect(oneOf(texts(one).map(comparableTo(time)))).toBe(1);
        expect(oneOf([...texts(one), ...texts(other)].map(comparableTo(time)))).toBe(later === 0 ? 1 : 2);
      }),
    );
  });

  it.each([
    ['1', ['+1', '01', '1.', '1.0', '1.00', ' 1 ', '1e0', '10E-1', '0.1E1']],
    ['0', ['-0', '+0', '00', '0.0', '-0.00', '0e7', '.0']],
    ['-12.5', ['-012.50', '-1.25E1', '-125e-1']],
    ['12345678', ['1.2345678E7', '012345678.0']],
    ['0.5', ['.5', '00.50', '5E-1']],
    ['123456789012345678901', ['+123456789012345678901', '123456789012345678901.0']],
  ])('of the number %s is the same as of %j', (one, others) => {
    for (const of of numbers) expect(others.map(comparableTo(of))).toEqual(others.map(() => one));
  });

  it('of two numbers is the same where the numbers are, to the last digit', () => {
    const digits = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(digits, fc.constantFrom(0n, 1n, -1n), (number, more) => {
        const [one, other] = [number, number + more].map((of) => comparable(`${of}`, plain(defaultKind.integer)));
        expect(one === other).toBe(more === 0n);
      }),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const spellings = [String(number), number.toExponential(), number.toExponential().toUpperCase()];
        expect(oneOf(spellings.map(comparableTo(plain(defaultKind.double))))).toBe(1);
        // It is a spelling of the same number.
        expect(Number(comparable(String(number), plain(defaultKind.double)))).toBe(number === 0 ? 0 : number);
      }),
    );
  });

  it('of a truth value does not depend on its case', () => {
    const of = plain(defaultKind.boolean);
    expect(['TRUE', 'True', 'true'].map(comparableTo(of))).toEqual(['true', 'true', 'true']);
    expect(comparable('False', of)).not.toBe(comparable('true', of));
  });

  it('of every other kind is the text, to its last character', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('2021-02-16', ' 1 ', '+1', 'TRUE', '1.0', '16/Feb/21', '12:00 AM', ''),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...literal), (value, of) => {
        expect(comparable(value, of)).toBe(value);
      }),
    );
  });

  it('of what has no known spelling is the text as well, and nothing throws', () => {
    const unknown = [
      '16/Foo/21',
      '2021-13-01',
      '2021-02-30',
      '31/Apr/21',
      '25:00',
      '12:60',
      'soon',
      '1,5',
      '1e999999999',
      '',
    ];
    for (const text of unknown) for (const of of spelt) expect(comparable(text, of)).toBe(text);
    const nearly = fc.stringMatching(/^[-+TZ:/.,eE0-9 apmAPMFeb]{0,24}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly), fc.constantFrom(...spelt), (text, of) => {
        const once = comparable(text, of);
        // It is a spelling of its own kind.
        expect(comparable(once, of)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });
});
