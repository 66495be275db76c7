import type { DatabaseSync } from 'node:sqlite';
import { type PackedNames, readPackedNames } from '../refresh/packed-names.ts';
import type { MatchMap } from './page-finder.ts';

interface SearchedNames {
  firstId: number;
  /** The names in lower case, one after another. */
  text: Uint8Array;
  ends: Uint32Array;
}

/**
 * Finds a text in bucket names, in all half a million of them within some hundredths of a second:
 * the names are kept in memory in one piece (about 25 bytes each) and searched byte by byte.
 */
export class NameSearch {
  readonly #pieces: SearchedNames[];
  readonly #size: number;

  /** @param size how many names there are */
  constructor(database: DatabaseSync, size: number) {
    this.#size = size;
    this.#pieces = Array.from(readPackedNames(database), inLowerCase);
  }

  /** What holds the text anywhere, in upper or lower case. */
  matches(text: string): MatchMap {
    const map = new Uint8Array(this.#size);
    const needle = new TextEncoder().encode(text.toLowerCase());
    for (const piece of this.#pieces) searchPiece(piece, needle, map);
    return map;
  }
}

function searchPiece({ text, ends, firstId }: SearchedNames, needle: Uint8Array, map: MatchMap) {
  const first = needle[0] as number;
  const last = text.length - needle.length;
  let name = 0;
  let nameEnd = ends[0] as number;
  for (let position = 0; position <= last; position += 1) {
    if (text[position] !== first) continue;
    let matched = 1;
    while (matched < needle.length && text[position + matched] === needle[matched]) matched += 1;
    if (matched < needle.length) continue;
    while (nameEnd <= position) nameEnd = ends[++name] as number;
    if (position + needle.length > nameEnd) continue; // reaches into the next name
    map[firstId - 1 + name] = 1;
    position = nameEnd - 1;
  }
}

function inLowerCase({ text, ends, firstId }: PackedNames): SearchedNames {
  if (isLowerCase(text)) return { text, ends, firstId };
  const source = Buffer.from(text.buffer, text.byteOffset, text.length);
  const lowered: Buffer[] = [];
  const loweredEnds = new Uint32Array(ends.length);
  let [start, length] = [0, 0];
  ends.forEach((end, name) => {
    const bytes = Buffer.from(source.toString('utf8', start, end).toLowerCase());
    lowered.push(bytes);
    length += bytes.length;
    loweredEnds[name] = length;
    start = end;
  });
  return { text: Buffer.concat(lowered), ends: loweredEnds, firstId };
}

function isLowerCase(text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index] as number;
    if (byte > 0x7e || (byte >= 0x41 && byte <= 0x5a)) return false;
  }
  return true;
}
