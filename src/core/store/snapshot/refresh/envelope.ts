import { parseAnswer, unreadableAnswer } from '../../../gateway/answers/answer-body.ts';
import { foreignAnswer, isJsonObject } from '../../../gateway/model/read-fields.ts';

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const longest = 1 << 20;
/** A key, its colon and the white space around it are looked for this far back. */
const keyReach = 120;

/** What is around a list in its JSON document: `{"Buckets":` and `}`, or nothing. */
export class Envelope {
  readonly #opening: RegExp;
  readonly #keys: readonly string[];
  #kept = Buffer.alloc(0);
  #depth = 0;
  #inString = false;
  #escaped = false;
  #hasList = false;
  /** Whether the last byte taken opened the list. */
  atList = false;

  /** @param keys under which an object may hold the list */
  constructor(keys: readonly string[]) {
    this.#keys = keys;
    this.#opening = new RegExp(`[{,]\\s*"(?:${keys.join('|')})"\\s*:\\s*\\[$`);
  }

  /**
   * Takes bytes up to the end or to where the list begins ({@link atList}).
   * @returns where it stopped
   */
  push(bytes: Uint8Array, start: number): number {
    this.atList = false;
    let position = start;
    let kept = start;
    while (position < bytes.length && !this.atList) {
      const byte = bytes[position++] as number;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inString = false;
      } else if (byte === quote) this.#inString = true;
      else if (byte === closeBrace || byte === closeBracket) this.#depth -= 1;
      else if (byte === openBrace) this.#depth += 1;
      else if (byte === openBracket) {
        this.#depth += 1;
        this.#keep(bytes.subarray(kept, position));
        kept = position;
        this.atList = this.#opensList();
      }
    }
    this.#keep(bytes.subarray(kept, position));
    this.#hasList ||= this.atList;
    return position;
  }

  /**
   * Says that the document ended.
   * @param what names the list in errors
   * @param rest what was taken of an element that did not end, or null where the list ended
   * @throws AppError that names what the document is instead
   */
  end(what: string, rest: Uint8Array | null): void {
    if (rest !== null) throw this.unreadable(rest);
    const document = parseAnswer(this.#text());
    if (this.#hasList) return;
    // A list without entries may be sent as null.
    const empty = isJsonObject(document) && this.#keys.some((key) => document[key] === null);
    if (!empty) throw foreignAnswer(what);
  }

  /** Why a document that continues like this can't be read. */
  unreadable(rest: Uint8Array): Error {
    return unreadableAnswer(this.#text() + asText(rest.subarray(0, keyReach)));
  }

  #opensList(): boolean {
    const { length } = this.#kept;
    if (this.#depth === 1) return asText(this.#kept.subarray(0, keyReach)).trim() === '[';
    if (this.#depth !== 2) return false;
    return this.#opening.test(asText(this.#kept.subarray(Math.max(0, length - keyReach))));
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#kept.length + bytes.length <= longest) {
      this.#kept = Buffer.concat([this.#kept, bytes]);
      return;
    }
    const text = this.#text();
    throw /^\s*[[{]/.test(text) ? foreignAnswer('a list') : unreadableAnswer(text);
  }

  #text(): string {
    return asText(this.#kept);
  }
}

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}
