import { readEnteredNumber } from '#shared/entered-number.ts';
import { formatExactBytes } from '../../kit/components/format.ts';
import { type ListFilter, type OwnNumber, ownNumberRules } from './filters.ts';

const gibibyte = 1024n ** 3n;

/** Places of a GiB that hold every whole number of bytes. */
const places = 30;

const ownSize: OwnNumber = {
  label: 'At least',
  unit: 'GiB',
  least: 0.001,
  // so many bytes are exact in a number still
  most: 2 ** 23 - 1,
  decimals: places,
  words: (size) =>
    /^\d+(\.\d{1,3})?$/.test(size)
      ? `${size} GiB or more`
      : `${formatExactBytes(bytesOf(size) ?? 0n)} or more`,
};

/** Narrows a list to what holds so many GiB or more. Its value becomes bytes by `minBytes`. */
export const sizeFilter: ListFilter = {
  id: 'size',
  label: 'Size',
  options: [
    { value: '1', label: '1 GiB or more' },
    { value: '100', label: '100 GiB or more' },
    { value: '1024', label: '1 TiB or more' },
    { value: '10240', label: '10 TiB or more' },
  ],
  ownNumber: ownSize,
};

/** Whole bytes, rounded up; null for what is no size. */
function bytesOf(size: string): bigint | null {
  const { value } = readEnteredNumber(size, { ...ownNumberRules(ownSize), pointIsDecimal: true });
  if (value === undefined) return null;
  const [whole = '', fraction = ''] = value.split('.');
  const scale = 10n ** BigInt(fraction.length);
  return (BigInt(whole + fraction) * gibibyte + scale - 1n) / scale;
}

/**
 * The part of a list's filter that a set size filter stands for; nothing where none is set. What is no
 * size, as an address may have it, matches nothing: it must never widen what a bulk change is made on.
 * @param size GiB, as in the address
 */
export function minBytes(size: string | undefined): { minBytes?: number } {
  if (!size) return {};
  const bytes = bytesOf(size);
  return { minBytes: bytes === null ? Number.MAX_SAFE_INTEGER : Number(bytes) };
}
