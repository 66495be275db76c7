import { ByteCursor, NotPlain } from './byte-cursor.ts';
import type { Subject } from './subjects.ts';

/** Within this many bytes the head of an object ends and its items begin. */
const headLength = 400;
/** Keys remembered at most; then all are forgotten. */
const mostKeys = 200_000;

const encode = (text: string): Uint8Array => new TextEncoder().encode(`"${text}"`);
const keyName = [encode('key')];
const countersName = [encode('counters')];
const groupNames = [encode('ops'), encode('net_io')];
const figureNames = ['put', 'get', 'list', 'other', 'uploaded', 'downloaded'].map(encode);
/** Figures that are in `ops`; the others are in `net_io`. */
const operations = 4;
const allSeen = 0b111111;

interface KnownKey {
  bytes: Uint8Array;
  subject: Subject;
  /** The key that came after this one last time: likely to come again. */
  next: KnownKey | null;
}

/**
 * Reads statistics objects that are written as the guide prints them, by stepping through their bytes:
 * many times quicker than making objects of them, since the same keys come in every period and are
 * read once. Yields null for any other form, which the tolerant reader takes.
 */
export class ObjectScanner {
  #keys = new Map<number, KnownKey[]>();
  #known = 0;
  #last: KnownKey | null = null;

  /** Reads one object, or yields null. Never throws for what it was handed. */
  scan(bytes: Uint8Array): ReadObject | null {
    try {
      return this.#scan(bytes);
    } catch (thrown) {
      if (thrown instanceof NotPlain || thrown instanceof SyntaxError) return null;
      throw thrown;
    }
  }

  #scan(bytes: Uint8Array): ReadObject {
    const head = new TextDecoder('latin1').decode(bytes.subarray(0, headLength));
    const begin = /"items"\s*:\s*\[/.exec(head);
    if (!begin) throw new NotPlain();
    const fields = head.slice(0, begin.index);
    const cursor = new ByteCursor(bytes, begin.index + begin[0].length);
    const items: ReadEntry[] = [];
    while (cursor.peek() !== 0x5d) {
      if (items.length > 0) cursor.expect(0x2c);
      items.push(this.#entry(cursor));
    }
    cursor.expect(0x5d);
    cursor.expect(0x7d);
    if (cursor.peek() !== -1) throw new NotPlain();
    return { ...readHead(fields), items };
  }

  #entry(cursor: ByteCursor): ReadEntry {
    cursor.expect(0x7b);
    cursor.expectName(keyName, 0);
    const { subject } = this.#key(cursor);
    cursor.expect(0x2c);
    cursor.expectName(countersName, 0);
    const counters = readCounters(cursor);
    cursor.expect(0x7d);
    return { subject, counters };
  }

  /** The key as it was read when its bytes were met first. */
  #key(cursor: ByteCursor): KnownKey {
    cursor.peek();
    const likely = this.#last?.next;
    let key = likely;
    if (likely && cursor.startsWith(likely.bytes)) {
      cursor.at += likely.bytes.length;
    } else {
      const begin = cursor.at;
      const hash = cursor.expectFlatObject();
      key = this.#find(hash, cursor.bytes, begin, cursor.at);
      if (this.#last) this.#last.next = key;
    }
    if (!key) throw new NotPlain();
    this.#last = key;
    return key;
  }

  #find(hash: number, bytes: Uint8Array, begin: number, end: number): KnownKey {
    const candidates = this.#keys.get(hash);
    for (const candidate of candidates ?? []) {
      if (isSame(candidate.bytes, bytes, begin, end)) return candidate;
    }
    const own = bytes.slice(begin, end);
    const subject = readKey(new TextDecoder().decode(own));
    if (this.#known >= mostKeys) {
      this.#keys = new Map();
      this.#known = 0;
    }
    this.#known += 1;
    const key: KnownKey = { bytes: own, subject, next: null };
    const list = this.#keys.get(hash);
    if (list) list.push(key);
    else this.#keys.set(hash, [key]);
    return key;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, begin: number, end: number): boolean {
  if (known.length !== end - begin) return false;
  for (let index = 0; index < known.length; index += 1) {
    if (known[index] !== bytes[begin + index]) return false;
  }
  return true;
}

function readHead(fields: string): Pick<ReadObject, 'serviceId' | 'startTs' | 'period'> {
  const serviceId = /"service_id"\s*:\s*"?([0-9A-Za-z]+)"?\s*,/.exec(fields)?.[1];
  const startTs = /"start_ts"\s*:\s*(\d{1,12})\s*,/.exec(fields)?.[1];
  const period = /"period"\s*:\s*(\d{1,9})\s*,/.exec(fields)?.[1];
  if (serviceId === undefined || startTs === undefined || period === undefined) {
    throw new NotPlain();
  }
  return { serviceId, startTs: Number(startTs), period: Number(period) };
}

function readKey(text: string): Subject {
  const key = JSON.parse(text) as Record<string, unknown>;
  const { bucket, epoch, user_id: userId, tag } = key;
  const isPlain =
    typeof bucket === 'string' &&
    typeof epoch === 'number' &&
    Number.isSafeInteger(epoch) &&
    typeof userId === 'string' &&
    typeof tag === 'string';
  if (!isPlain) throw new NotPlain();
  return { bucket, epoch, userId, tag };
}

function readCounters(cursor: ByteCursor): EntryCounts {
  const counters = { put: 0, get: 0, list: 0, other: 0, uploaded: 0, downloaded: 0 };
  let seen = 0;
  let likely = 0;
  cursor.expect(0x7b);
  do {
    const isTraffic = cursor.expectName(groupNames, seen === 0 ? 0 : 1) === 1;
    cursor.expect(0x7b);
    do {
      const figure = cursor.expectName(figureNames, likely);
      likely = figure + 1;
      if (figure >= operations !== isTraffic || (seen & (1 << figure)) !== 0) throw new NotPlain();
      seen |= 1 << figure;
      set(counters, figure, cursor.expectCount());
    } while (goesOn(cursor));
  } while (goesOn(cursor));
  if (seen !== allSeen) throw new NotPlain();
  return counters;
}

/** Passes the comma before a further member, or the end of the object. */
function goesOn(cursor: ByteCursor): boolean {
  const next = cursor.peek();
  cursor.at += 1;
  if (next === 0x2c) return true;
  if (next === 0x7d) return false;
  throw new NotPlain();
}

function set(counters: EntryCounts, figure: number, value: number): void {
  if (figure === 0) counters.put = value;
  else if (figure === 1) counters.get = value;
  else if (figure === 2) counters.list = value;
  else if (figure === 3) counters.other = value;
  else if (figure === 4) counters.uploaded = value;
  else counters.downloaded = value;
}

export interface ReadObject {
  serviceId: string;
  /** Unix seconds. */
  startTs: number;
  /** Seconds. */
  period: number;
  items: ReadEntry[];
}

export interface ReadEntry {
  /** One and the same object for one subject, where that is known: to be looked up by identity. */
  subject: Subject;
  counters: EntryCounts;
}

export interface EntryCounts {
  put: Count;
  get: Count;
  list: Count;
  other: Count;
  uploaded: Count;
  downloaded: Count;
}

/** An exact integer: a number while that is exact, else a `bigint`. Objects hold many small ones. */
export type Count = number | bigint;
