import { NameTable } from './name-table.ts';
import type { PackedNames } from './packed-names.ts';

/**
 * When names were first seen. A gateway lists its buckets in much the same order every time, so the
 * name after the one found last is tried first; only a list in another order needs the table.
 */
export class FirstSeenNames {
  readonly #pieces: readonly PackedNames[];
  #table: NameTable | null = null;
  #piece = 0;
  #name = 0;

  constructor(pieces: readonly PackedNames[]) {
    this.#pieces = pieces;
  }

  /**
   * When the name that stands in `bytes` from `start` to `end` was first seen.
   * @returns milliseconds since the Unix epoch, or -1 where it never was
   */
  find(bytes: Uint8Array, start: number, end: number): number {
    const piece = this.#pieces[this.#piece];
    if (piece && isNameAt(piece, this.#name, bytes, start, end)) {
      const seen = piece.firstSeen[this.#name] as number;
      this.#moveTo(this.#piece, this.#name + 1);
      return seen;
    }
    if (this.#pieces.length === 0) return -1;
    this.#table ??= placesOf(this.#pieces);
    const place = this.#table.get(bytes, start, end);
    if (place < 0) return -1;
    const found = this.#pieces.findLastIndex(({ firstId }) => firstId <= place);
    const { firstId, firstSeen } = this.#pieces[found] as PackedNames;
    this.#moveTo(found, place - firstId + 1);
    return firstSeen[place - firstId] as number;
  }

  #moveTo(piece: number, name: number): void {
    const ends = this.#pieces[piece]?.ends.length ?? 0;
    this.#piece = name < ends ? piece : piece + 1;
    this.#name = name < ends ? name : 0;
  }
}

function isNameAt(
  { text, ends }: PackedNames,
  name: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  const from = name === 0 ? 0 : (ends[name - 1] as number);
  const length = (ends[name] as number) - from;
  if (length !== end - start) return false;
  for (let index = 0; index < length; index += 1) {
    if (text[from + index] !== bytes[start + index]) return false;
  }
  return true;
}

/** The id of every name, in a table. */
function placesOf(pieces: readonly PackedNames[]): NameTable {
  const table = new NameTable();
  for (const { text, ends, firstId } of pieces) {
    for (let name = 0, start = 0; name < ends.length; name += 1) {
      const end = ends[name] as number;
      table.set(text, start, end, firstId + name);
      start = end;
    }
  }
  return table;
}
