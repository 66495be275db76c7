const digitBits = 16;
const digitValues = 1 << digitBits;
const digits = 4;

/** Integers of 64 bits, each in two halves of which the higher is kept with its sign bit turned. */
export interface IntegerKeys {
  high: Uint32Array;
  low: Uint32Array;
}

/**
 * Sorts by integers of 64 bits, digit by digit from the lowest: half a million within some hundredths
 * of a second. Equal ones stay in their order.
 * @returns the indexes of the keys, in ascending order
 */
export function sortByInteger({ high, low }: IntegerKeys): Uint32Array {
  const { length } = low;
  const counts = countDigits(high, low);
  let from = new Uint32Array(length);
  let to = new Uint32Array(length);
  for (let index = 0; index < length; index += 1) from[index] = index;
  for (let digit = 0; digit < digits; digit += 1) {
    const places = counts.subarray(digit * digitValues, (digit + 1) * digitValues);
    if (places.includes(length)) continue; // the same in all
    toPlaces(places);
    placeByDigit(digit < 2 ? low : high, (digit % 2) * digitBits, places, from, to);
    [from, to] = [to, from];
  }
  return from;
}

/** How often each value of each of the four digits occurs. */
function countDigits(high: Uint32Array, low: Uint32Array): Uint32Array {
  const counts = new Uint32Array(digits * digitValues);
  const count = (keys: Uint32Array, shift: number, start: number): void => {
    for (let index = 0; index < keys.length; index += 1) {
      const at = start + (((keys[index] as number) >>> shift) & (digitValues - 1));
      counts[at] = (counts[at] as number) + 1;
    }
  };
  for (let digit = 0; digit < digits; digit += 1) {
    count(digit < 2 ? low : high, (digit % 2) * digitBits, digit * digitValues);
  }
  return counts;
}

/** Makes of how often each value occurs where the first of it belongs. */
function toPlaces(counts: Uint32Array): void {
  let place = 0;
  for (let value = 0; value < counts.length; value += 1) {
    const count = counts[value] as number;
    counts[value] = place;
    place += count;
  }
}

function placeByDigit(
  keys: Uint32Array,
  shift: number,
  places: Uint32Array,
  from: Uint32Array,
  to: Uint32Array,
): void {
  for (let index = 0; index < from.length; index += 1) {
    const key = from[index] as number;
    const value = ((keys[key] as number) >>> shift) & (digitValues - 1);
    const place = places[value] as number;
    to[place] = key;
    places[value] = place + 1;
  }
}
