import type { FetchedObject } from '../../store/archive/queries/ingest.ts';

/** Objects and bytes of one transaction at most: large enough to be quick, small enough to be short. */
const batchObjects = 256;
const batchBytes = 32 * 1024 * 1024;
/** This many are worth a transaction while further ones are still to be fetched: each waits for the disk. */
const worthObjects = 128;
const worthBytes = 4 * 1024 * 1024;
/** Longer bytes are handed over with their buffer; shorter ones are quicker copied together. */
const handedOver = 256 * 1024;

interface ArrivedBatch {
  objects: FetchedObject[];
  /** The buffers under their bytes, to be handed to the archive's thread. */
  transfer: ArrayBuffer[];
}

/** Fetched objects that wait for the archive. Of two answers for one name the later one counts. */
export class ArrivedObjects {
  #objects = new Map<string, FetchedObject>();
  #bytes = 0;

  get count(): number {
    return this.#objects.size;
  }

  /** What they take up together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether they are enough for a transaction, though more are to come. */
  get areWorthATransaction(): boolean {
    return this.count >= worthObjects || this.#bytes >= worthBytes;
  }

  add(object: FetchedObject): void {
    this.#bytes += object.bytes.byteLength - (this.#objects.get(object.name)?.bytes.length ?? 0);
    this.#objects.set(object.name, object);
  }

  /** The first of them, as many as one transaction takes. */
  takeBatch(): ArrivedBatch {
    const batch: FetchedObject[] = [];
    let bytes = 0;
    for (const object of this.#objects.values()) {
      if (batch.length >= batchObjects || bytes >= batchBytes) break;
      batch.push(object);
      bytes += object.bytes.byteLength;
    }
    for (const { name } of batch) this.#objects.delete(name);
    this.#bytes -= bytes;
    return packed(batch);
  }
}

/** Small ones in one buffer: handing over a buffer costs more than copying a small object does. */
function packed(batch: readonly FetchedObject[]): ArrivedBatch {
  const small = batch.filter(({ bytes }) => !ownsLargeBuffer(bytes));
  const common = new Uint8Array(small.reduce((sum, { bytes }) => sum + bytes.byteLength, 0));
  const transfer = new Set<ArrayBuffer>([common.buffer]);
  let at = 0;
  const objects = batch.map((object): FetchedObject => {
    const { bytes } = object;
    if (ownsLargeBuffer(bytes)) {
      transfer.add(bytes.buffer);
      return object;
    }
    const own = common.subarray(at, at + bytes.byteLength);
    own.set(bytes);
    at += bytes.byteLength;
    return { ...object, bytes: own };
  });
  return { objects, transfer: [...transfer] };
}

function ownsLargeBuffer(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return (
    byteLength >= handedOver && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
  );
}
