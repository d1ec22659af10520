import type { Threshold } from '../../model/loss-alarm.ts';

/**
 * Whether so many of so many reach a threshold. Exact, also at it: 0.07 % of 10,000 are 7, which no number with a point says.
 * @param some what is fewer, or edited
 * @param of what it is a share of
 */
export function reaches(some: number, of: number, { percent, atLeast }: Threshold): boolean {
  if (some <= 0 || some < atLeast) return false;
  const { numerator, denominator } = fractionOf(percent);
  return BigInt(some) * 100n * denominator >= numerator * BigInt(of);
}

/** A number as a person has written it, as a fraction. */
function fractionOf(number: number): { readonly numerator: bigint; readonly denominator: bigint } {
  const [digits = '0', exponent = '0'] = String(number).split('e');
  const [whole = '0', fraction = ''] = digits.split('.');
  const shift = fraction.length - Number(exponent);
  const numerator = BigInt(whole + fraction);
  return shift >= 0
    ? { numerator, denominator: 10n ** BigInt(shift) }
    : { numerator: numerator * 10n ** BigInt(-shift), denominator: 1n };
}
