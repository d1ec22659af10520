import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  orderProvenBy,
  readDisplayedDate,
  readDisplayedDateTime,
} from '../../../core/original-scripts/displayed-dates.ts';

describe('a displayed date', () => {
  it.each([
    ['16/Feb/21', '2021-02-16'],
    ['06/Mar/2023', '2023-03-06'],
    ['2021-02-16', '2021-02-16'],
    ['16.02.2021', '2021-02-16'],
    ['16/02/2021', '2021-02-16'],
    ['02/16/2021', '2021-02-16'],
    ['04/04/2023', '2023-04-04'],
    ['16/Feb/21 12:00 AM', '2021-02-16'],
  ])('%s is %s', (text, iso) => {
    expect(readDisplayedDate(text, undefined)).toEqual({ iso });
  });

  it('with numbers alone is ambiguous, unless others prove their order', () => {
    expect(readDisplayedDate('03/04/2023', undefined)).toBe('ambiguous');
    expect(readDisplayedDate('03/04/2023', 'day-first')).toEqual({ iso: '2023-04-03' });
    expect(readDisplayedDate('03/04/2023', 'month-first')).toEqual({ iso: '2023-03-04' });
    expect(['03/04/2023', '13/04/2023', '04/13/2023', '13.04.2023', 'soon'].map(orderProvenBy)).toEqual([
      undefined,
      'day-first',
      'month-first',
      undefined,
      undefined,
    ]);
  });

  it.each(['', 'soon', '31/Feb/21', '16/Fev/21', '40/41/2021', '16/Feb/21 and more'])('%j is none', (text) => {
    expect(readDisplayedDate(text, undefined)).toBe('unreadable');
  });

  it('is read back from the form of the site, whatever the day', () => {
    const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    const property = fc.property(day, (date) => {
      const month = date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' });
      const [year, , number] = date.toISOString().slice(0, 10).split('-');
      const iso = date.toISOString().slice(0, 10);
      expect(readDisplayedDate(`${number}/${month}/${year?.slice(2)}`, undefined)).toEqual({ iso });
    });
    fc.assert(property);
  });
});

describe('a displayed moment', () => {
  it.each([
    ['16/Feb/21 8:04 PM', '2021-02-16T20:04:00.000Z'],
    ['16/Feb/21 12:04 AM', '2021-02-16T00:04:00.000Z'],
    ['16/Feb/21 12:04 PM', '2021-02-16T12:04:00.000Z'],
    ['16.02.2021 20:04', '2021-02-16T20:04:00.000Z'],
    ['2021-02-16 20:04:05', '2021-02-16T20:04:05.000Z'],
    ['2021-02-16T20:04:05+02:00', '2021-02-16T20:04:05+02:00'],
    ['2021-02-16T20:04:05.123Z', '2021-02-16T20:04:05.123Z'],
  ])('%s is %s', (text, iso) => {
    expect(readDisplayedDateTime(text, undefined)).toEqual({ iso });
  });

  it.each(['16/Feb/21 25:04', '16/Feb/21 13:04 PM', '16/Feb/21 0:04 AM', '8:04 PM'])('%j is none', (text) => {
    expect(readDisplayedDateTime(text, undefined)).toBe('unreadable');
  });

  it('with numbers alone is ambiguous too', () => {
    expect(readDisplayedDateTime('03/04/2023 8:04 PM', undefined)).toBe('ambiguous');
  });
});
