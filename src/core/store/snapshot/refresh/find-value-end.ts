import { deepestNesting } from '#shared/nesting.ts';
import { nestedTooDeep } from '../../../gateway/model/read-fields.ts';

export interface ValueEnd {
  /** The byte after the value. */
  position: number;
  /** Whether it holds more digits in a row, outside of strings, than a double can hold exactly. */
  longInteger: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const exactDigits = 15;

/**
 * Finds the end of the value that begins at `start`: of an object or an array its last bracket, of
 * anything else what precedes a comma, a bracket or white space. Brackets are only counted; whether
 * the value is JSON is for `JSON.parse` to say.
 * @returns whether all of the value is there; `found` is filled in if so
 * @throws `ANSWER_FOREIGN` for what nests deeper than any answer
 */
export function findValueEnd(bytes: Uint8Array, start: number, found: ValueEnd): boolean {
  const end = bytes.length;
  let position = start;
  let depth = 0;
  let digits = 0;
  let longInteger = false;
  while (position < end) {
    const byte = bytes[position] as number;
    if (byte === quote) {
      position = afterString(bytes, position + 1);
      if (position < 0) return false;
      digits = 0;
      continue;
    }
    if (byte >= 0x30 && byte <= 0x39) {
      digits += 1;
      if (digits > exactDigits) longInteger = true;
    } else {
      digits = 0;
      // The two brackets of a pair differ by 2; [ and ] from { and } by 0x20.
      const bracket = byte | 0x20;
      if (bracket === 0x7b) {
        depth += 1;
        if (depth > deepestNesting) throw nestedTooDeep();
      } else if (bracket === 0x7d) {
        if (depth === 0) break;
        depth -= 1;
        if (depth === 0) return ends(found, position + 1, longInteger);
      } else if (depth === 0 && (byte === 0x2c || byte <= 0x20)) break;
    }
    position += 1;
  }
  return position < end && depth === 0 && ends(found, position, longInteger);
}

function ends(found: ValueEnd, position: number, longInteger: boolean): true {
  found.position = position;
  found.longInteger = longInteger;
  return true;
}

/** The byte after a string's closing mark, or -1 where the string does not end. */
function afterString(bytes: Uint8Array, start: number): number {
  let position = start;
  while (position < bytes.length) {
    const byte = bytes[position] as number;
    if (byte === quote) return position + 1;
    position += byte === backslash ? 2 : 1;
  }
  return -1;
}
