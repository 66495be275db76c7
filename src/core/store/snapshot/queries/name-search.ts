import { isAscii } from 'node:buffer';
import type { DatabaseSync } from 'node:sqlite';
import { comparable } from '#shared/plain-text.ts';
import type { NearWords } from '../../../platform/near-words.ts';
import { type NamePiece, readNamePiece } from '../orders/packed-names.ts';
import type { MatchMap } from './row-finder.ts';

/** Names whose words are read in one go: some milliseconds. */
export const wordsOfAtOnce = 1 << 13;

/** Some bucket names in one piece, as they are searched. */
export interface SearchedNames {
  firstId: number;
  /** The names in lower case, one after another. */
  text: string;
  /** Where each ends in the text. */
  ends: Uint32Array;
}

/**
 * Finds a text in bucket names, in half a million of them within some hundredths of a second: they are
 * kept in memory as a few long strings (about 25 bytes a name), which the engine searches natively.
 */
export class NameSearch {
  readonly #pieces: readonly SearchedNames[];
  readonly #size: number;

  /** @param size how many names there are */
  constructor(pieces: readonly SearchedNames[], size: number) {
    this.#pieces = pieces;
    this.#size = size;
  }

  /** What holds the text anywhere, in upper or lower case. */
  matches(text: string): MatchMap {
    const map = new Uint8Array(this.#size);
    for (const piece of this.#pieces) {
      searchPiece(piece, comparable(text), (name) => {
        map[piece.firstId - 1 + name] = 1;
        return true;
      });
    }
    return map;
  }

  /** The name of an id, in lower case. */
  nameOf(id: number): string {
    const piece = this.#pieceOf(id);
    return piece ? piece.text.slice(...spanOf(piece, id - piece.firstId)) : '';
  }

  /** Reads the words of the next names, as many as take some milliseconds. @returns whether there are more */
  readWords(words: NearWords): boolean {
    const first = words.size + 1;
    const piece = this.#pieceOf(first);
    if (!piece) return false;
    const last = Math.min(first + wordsOfAtOnce, endOf(piece));
    for (let id = first; id < last; id += 1) {
      words.add(piece.text, ...spanOf(piece, id - piece.firstId));
    }
    return true;
  }

  #pieceOf(id: number): SearchedNames | undefined {
    return this.#pieces.find((piece) => id >= piece.firstId && id < endOf(piece));
  }

  /** Ids of the first that hold the text, up to a limit. */
  first(text: string, limit: number): number[] {
    const ids: number[] = [];
    for (const piece of this.#pieces) {
      if (ids.length >= limit) break;
      searchPiece(piece, comparable(text), (name) => ids.push(piece.firstId + name) < limit);
    }
    return ids;
  }
}

/** Where a name of a piece begins and ends. */
function spanOf({ ends }: SearchedNames, name: number): [start: number, end: number] {
  return [name === 0 ? 0 : (ends[name - 1] as number), ends[name] as number];
}

/** Calls back with the place of each name that holds the text, until it says to stop. */
function searchPiece(
  { text, ends }: SearchedNames,
  needle: string,
  found: (name: number) => boolean,
): void {
  let name = 0;
  let position = text.indexOf(needle);
  while (position >= 0) {
    while ((ends[name] as number) <= position) name += 1;
    const end = ends[name] as number;
    // A match may reach into the next name; then it is none.
    const inside = position + needle.length <= end;
    if (inside && !found(name)) return;
    position = text.indexOf(needle, inside ? end : position + 1);
  }
}

/**
 * Reads the names of a snapshot as they are searched, one piece in some milliseconds.
 * @param from id of the piece's first name, 1 for the first piece
 * @returns null where there is no such piece
 */
export function readSearchedNames(database: DatabaseSync, from: number): SearchedNames | null {
  const piece = readNamePiece(database, from);
  return piece && inLowerCase(piece);
}

export function readAllSearchedNames(database: DatabaseSync): SearchedNames[] {
  const pieces: SearchedNames[] = [];
  let piece = readSearchedNames(database, 1);
  while (piece) {
    pieces.push(piece);
    piece = readSearchedNames(database, endOf(piece));
  }
  return pieces;
}

/** Id of the name that follows a piece. */
export function endOf({ firstId, ends }: SearchedNames): number {
  return firstId + ends.length;
}

function inLowerCase({ text, ends, firstId }: NamePiece): SearchedNames {
  const source = Buffer.from(text.buffer, text.byteOffset, text.length);
  if (isAscii(source)) return { text: source.toString('latin1').toLowerCase(), ends, firstId };
  const lowered: string[] = [];
  const loweredEnds = new Uint32Array(ends.length);
  let [start, length] = [0, 0];
  ends.forEach((end, name) => {
    const lower = comparable(source.toString('utf8', start, end));
    lowered.push(lower);
    length += lower.length;
    loweredEnds[name] = length;
    start = end;
  });
  return { text: lowered.join(''), ends: loweredEnds, firstId };
}
