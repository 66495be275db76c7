import { isAscii } from 'node:buffer';
import type { DatabaseSync } from 'node:sqlite';
import { comparable } from '#shared/plain-text.ts';
import type { NearWords } from '../../../platform/near-words.ts';
import { type NamePiece, readNamePiece } from '../orders/packed-names.ts';
import { PackedTexts } from './packed-texts.ts';
import type { MatchMap } from './row-finder.ts';

/** Names whose words are read in one go: some milliseconds. */
export const wordsOfAtOnce = 1 << 13;

/** Some bucket names in one piece, in lower case, as they are searched. */
export interface SearchedNames {
  firstId: number;
  names: PackedTexts;
}

/**
 * Finds a text in bucket names, which are kept in memory as a few long strings (about 35 bytes a name).
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
    for (const { firstId, names } of this.#pieces) {
      names.search(comparable(text), (name) => {
        map[firstId - 1 + name] = 1;
        return true;
      });
    }
    return map;
  }

  /** Ids of the first that hold the text, up to a limit. */
  first(text: string, limit: number): number[] {
    const ids: number[] = [];
    for (const { firstId, names } of this.#pieces) {
      if (ids.length >= limit) break;
      names.search(comparable(text), (name) => ids.push(firstId + name) < limit);
    }
    return ids;
  }

  /** Reads the words of the next names, as many as take some milliseconds. @returns whether there are more */
  readWords(words: NearWords): boolean {
    const first = words.size + 1;
    const piece = this.#pieceOf(first);
    if (!piece) return false;
    const last = Math.min(first + wordsOfAtOnce, endOf(piece));
    for (let id = first; id < last; id += 1) {
      piece.names.within(id - piece.firstId, (...span) => words.add(...span));
    }
    return true;
  }

  /** Ids of those whose words are near, the nearest first. */
  near(words: NearWords, search: string, limit: number): number[] {
    const holding = (part: string) => {
      const may = new Map(this.#pieces.map((piece) => [piece, piece.names.mayHold(part)]));
      return (place: number): boolean => {
        const piece = this.#pieceOf(place + 1);
        if (!piece) return false;
        const name = place + 1 - piece.firstId;
        return may.get(piece)?.(name) === true && piece.names.textAt(name).includes(part);
      };
    };
    return words.find(search, limit, holding).map((place) => place + 1);
  }

  #pieceOf(id: number): SearchedNames | undefined {
    return this.#pieces.find((piece) => id >= piece.firstId && id < endOf(piece));
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
export function endOf({ firstId, names }: SearchedNames): number {
  return firstId + names.size;
}

function inLowerCase({ text, ends, firstId }: NamePiece): SearchedNames {
  const source = Buffer.from(text.buffer, text.byteOffset, text.length);
  if (isAscii(source)) {
    return { firstId, names: new PackedTexts(source.toString('latin1').toLowerCase(), ends) };
  }
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
  return { firstId, names: new PackedTexts(lowered.join(''), loweredEnds) };
}
