import type { DatabaseSync, StatementSync } from 'node:sqlite';

const namesAtOnce = 1 << 16;

/** Some bucket names in one piece, in the order of their ids. */
export interface NamePiece {
  /** Id of the first; the others follow without a gap. */
  firstId: number;
  /** The names one after another, UTF-8. */
  text: Uint8Array;
  /** Where each ends in the text. */
  ends: Uint32Array;
}

export interface PackedNames extends NamePiece {
  /** When each was first seen, in milliseconds since the Unix epoch. */
  firstSeen: Float64Array;
}

/** Writes bucket names in large pieces, which are searched and compared far faster than rows are read. */
export class PackedNamesWriter {
  readonly #insert: StatementSync;
  readonly #ends = new Uint32Array(namesAtOnce);
  readonly #firstSeen = new Float64Array(namesAtOnce);
  #text = new Uint8Array(namesAtOnce * 24);
  #length = 0;
  #count = 0;
  #firstId = 1;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT INTO bucket_names VALUES (?, ?, ?, ?)');
  }

  /** Adds the name that is in `bytes` from `start` to `end`. */
  add(bytes: Uint8Array, start: number, end: number, firstSeen: number): void {
    this.#reserve(end - start);
    for (let index = start; index < end; index += 1) {
      this.#text[this.#length++] = bytes[index] as number;
    }
    this.#ends[this.#count] = this.#length;
    this.#firstSeen[this.#count] = firstSeen;
    this.#count += 1;
    if (this.#count === namesAtOnce) this.flush();
  }

  flush(): void {
    if (this.#count === 0) return;
    this.#insert.run(
      this.#firstId,
      this.#text.subarray(0, this.#length),
      asBytes(this.#ends.subarray(0, this.#count)),
      asBytes(this.#firstSeen.subarray(0, this.#count)),
    );
    this.#firstId += this.#count;
    this.#length = 0;
    this.#count = 0;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#text.length) return;
    const text = new Uint8Array((this.#text.length + more) * 2);
    text.set(this.#text);
    this.#text = text;
  }
}

/** Reads the bucket names of a snapshot, piece by piece. */
export function* readPackedNames(database: DatabaseSync): Generator<PackedNames> {
  for (const row of database.prepare('SELECT * FROM bucket_names ORDER BY first_id').iterate()) {
    yield {
      firstId: Number(row.first_id),
      text: row.text as Uint8Array,
      ends: new Uint32Array(aligned(row.ends as Uint8Array)),
      firstSeen: new Float64Array(aligned(row.first_seen as Uint8Array)),
    };
  }
}

/** Reads one piece of the bucket names, which begins with the name of a given id; null without one. */
export function readNamePiece(database: DatabaseSync, firstId: number): NamePiece | null {
  const row = database
    .prepare('SELECT text, ends FROM bucket_names WHERE first_id = ?')
    .get(firstId);
  if (!row) return null;
  const ends = new Uint32Array(aligned(row.ends as Uint8Array));
  return { firstId, text: row.text as Uint8Array, ends };
}

function asBytes(numbers: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer;
}
