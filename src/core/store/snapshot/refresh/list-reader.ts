import { isUtf8 } from 'node:buffer';
import { AppError } from '#shared/errors.ts';
import { notUtf8, unreadableAnswer } from '../../../gateway/answers/answer-body.ts';
import { foreignAnswer, parseGatewayJson } from '../../../gateway/model/read-fields.ts';
import { Envelope } from './envelope.ts';
import { findValueEnd, type ValueEnd } from './find-value-end.ts';

const blockBytes = 1 << 19;

/**
 * Gathers the chunks of a stream into blocks of half a megabyte, each in its own memory, so that
 * it can be handed to a worker: chunks as they come from a socket are small, and may share memory.
 */
export async function* inBlocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(blockBytes);
  let length = 0;
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; ) {
      const part = chunk.subarray(start, start + blockBytes - length);
      block.set(part, length);
      length += part.length;
      start += part.length;
      if (length === blockBytes) {
        yield block;
        block = new Uint8Array(blockBytes);
        length = 0;
      }
    }
  }
  if (length > 0) yield block.slice(0, length);
}

export interface ElementSink {
  /**
   * Reads one element straight from its bytes, where it has the usual shape.
   * @returns where the element ends, or -1 where it has to be parsed, or is not all there yet
   */
  scan?(bytes: Uint8Array, start: number): number;
  /** Takes the element that {@link scan} read last. */
  takeScanned?(): void;
  /** Takes elements that were parsed, integers past 15 digits as text; none may stop the others. */
  take(elements: readonly unknown[]): void;
  /** Notes an element whose text is not JSON or not UTF-8. */
  setAside(thrown: unknown): void;
}

const closeBracket = 0x5d;
const comma = 0x2c;
/** What stays in the processor's cache, and its text in the part of memory that is freed cheaply. */
const readAtOnce = 1 << 16;
const parseAtOnce = 1 << 17;
const longestElement = 1 << 23;

/**
 * Reads a long list from the gateway as it arrives, cut anywhere, without ever holding all of it:
 * a bare array, or an array under one of the given keys of an object. Accepts what `JSON.parse` of the
 * whole would accept, and fails with the coded error of what it is instead.
 */
export class ListReader {
  readonly #sink: ElementSink;
  readonly #what: string;
  readonly #envelope: Envelope;
  readonly #valueEnd: ValueEnd = { position: 0, longInteger: false };
  #rest: Uint8Array = new Uint8Array(0);
  #inList = false;
  #needs: 'element-or-end' | 'element' | 'comma-or-end' = 'element-or-end';
  /** Start of elements that were found whole and wait to be parsed together, or -1. */
  #waitingFrom = -1;
  #waitingTo = -1;
  /** Where each of them starts. */
  #waiting: number[] = [];
  #waitingLong = false;
  /** Elements read so far. */
  count = 0;

  /**
   * @param what names the list in errors: `a list of buckets`
   * @param keys under which an object may hold the list, `Buckets`
   */
  constructor(what: string, keys: readonly string[], sink: ElementSink) {
    this.#what = what;
    this.#envelope = new Envelope(keys);
    this.#sink = sink;
  }

  /** Takes the next bytes. @throws AppError, as {@link end} */
  push(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length; start += readAtOnce) {
      this.#push(bytes.subarray(start, start + readAtOnce));
    }
  }

  #push(chunk: Uint8Array): void {
    let bytes = chunk;
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + chunk.length);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
    }
    let position = 0;
    while (position < bytes.length) {
      if (!this.#inList) {
        position = this.#envelope.push(bytes, position);
        this.#inList = this.#envelope.atList;
        if (this.#inList) this.#needs = 'element-or-end';
        continue;
      }
      const next = this.#readElements(bytes, position);
      if (next === position && this.#inList) break;
      position = next;
    }
    this.#rest = bytes.slice(position);
    if (this.#rest.length > longestElement) throw foreignAnswer(this.#what);
  }

  /**
   * Says that the answer ended.
   * @throws AppError `ANSWER_NOT_JSON`, `ANSWER_TRUNCATED`, `ANSWER_FOREIGN`, `ANSWER_ERROR_IN_SUCCESS`
   */
  end(): void {
    this.#envelope.end(this.#what, this.#inList ? this.#rest : null);
  }

  /** Reads whole elements; yields where it stopped: the end of the list, or what is not all there. */
  #readElements(bytes: Uint8Array, start: number): number {
    const end = bytes.length;
    let position = start;
    for (;;) {
      while (position < end && (bytes[position] as number) <= 0x20) position += 1;
      if (position >= end) break;
      const byte = bytes[position] as number;
      if (byte === closeBracket && this.#needs !== 'element') {
        this.#parseWaiting(bytes);
        this.#inList = false;
        return position;
      }
      if (this.#needs === 'comma-or-end') {
        if (byte !== comma) throw unreadableAnswer(asText(bytes, position - 1, position + 200));
        this.#needs = 'element';
        position += 1;
        continue;
      }
      const next = this.#readElement(bytes, position);
      if (next < 0) break;
      position = next;
      this.#needs = 'comma-or-end';
      this.count += 1;
    }
    this.#parseWaiting(bytes);
    return position;
  }

  #readElement(bytes: Uint8Array, start: number): number {
    const scanned = this.#sink.scan?.(bytes, start) ?? -1;
    if (scanned >= 0) {
      this.#parseWaiting(bytes);
      this.#sink.takeScanned?.();
      return scanned;
    }
    if (!findValueEnd(bytes, start, this.#valueEnd)) return -1;
    if (this.#waitingFrom < 0) this.#waitingFrom = start;
    this.#waiting.push(start);
    this.#waitingLong ||= this.#valueEnd.longInteger;
    const { position } = this.#valueEnd;
    if (position === start) throw unreadableAnswer(asText(bytes, start, start + 200));
    this.#waitingTo = position;
    if (position - this.#waitingFrom > parseAtOnce) this.#parseWaiting(bytes);
    return position;
  }

  #parseWaiting(bytes: Uint8Array): void {
    if (this.#waitingFrom < 0) return;
    const starts = this.#waiting;
    const [from, to, long] = [this.#waitingFrom, this.#waitingTo, this.#waitingLong];
    this.#waiting = [];
    this.#waitingFrom = -1;
    this.#waitingLong = false;
    let elements: unknown[];
    try {
      elements = parseElements(bytes, from, to, long);
    } catch {
      // One of them can't be read: each on its own, so that it does not take the others with it.
      for (const [index, start] of starts.entries()) {
        this.#parseOne(bytes, start, starts[index + 1] ?? to, long);
      }
      return;
    }
    this.#sink.take(elements);
  }

  #parseOne(bytes: Uint8Array, start: number, before: number, long: boolean): void {
    const found: ValueEnd = { position: before, longInteger: long };
    findValueEnd(bytes, start, found);
    let elements: unknown[];
    try {
      elements = parseElements(bytes, start, found.position, long);
    } catch (thrown) {
      this.#sink.setAside(thrown);
      return;
    }
    this.#sink.take(elements);
  }
}

/**
 * Elements that follow one another.
 * @throws AppError where they are not JSON, or not UTF-8
 */
function parseElements(bytes: Uint8Array, from: number, to: number, long: boolean): unknown[] {
  if (!isUtf8(bytes.subarray(from, to))) throw notUtf8();
  const text = `[${asText(bytes, from, to)}]`;
  try {
    return (long ? parseGatewayJson : JSON.parse)(text) as unknown[];
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    // The parser's own error quotes the text, secrets and all: it goes no further.
    throw unreadableAnswer(text);
  }
}

function asText(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', start, end);
}
