import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { AppError } from '#shared/errors.ts';

const signatures = { end: 0x06054b50, central: 0x02014b50, local: 0x04034b50 } as const;
const sizes = { end: 22, central: 46, local: 30 } as const;
const methods = { stored: 0, deflated: 8 } as const;
/** Neither encrypted (bit 0) nor patched (bit 5) nor with hidden names (bit 13). */
const refusedFlags = 0x2021;

interface Entry {
  name: string;
  method: number;
  crc: number;
  packedBytes: number;
  bytes: number;
  local: number;
}

/**
 * A zip of a stranger, read in memory. Names are keys to ask for and never paths to write to; what the
 * zip says of sizes and checksums has to be true of what comes out.
 */
export class ZipReader {
  readonly #zip: Buffer;
  readonly #entries: ReadonlyMap<string, Entry>;

  /**
   * @param mostEntries with more the file is refused
   * @throws AppError `FILE_INVALID` for another kind of file, and for forms of zip that no field pack has
   */
  constructor(zip: Buffer, mostEntries: number) {
    this.#zip = zip;
    this.#entries = readDirectory(zip, mostEntries);
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * Yields the content of a file in pieces, checked at its end.
   * @param most bytes; where there is more, nothing is unpacked
   * @throws AppError `FILE_INVALID` where it is missing, too large, or not as the zip says
   */
  async *pieces(name: string, most: number): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(name);
    if (!entry) throw invalid(`It has no ${name}`);
    if (entry.bytes > most) throw invalid(`${name} is larger than any field pack's`);
    let [bytes, crc] = [0, 0];
    try {
      for await (const piece of this.#unpacked(entry)) {
        bytes += piece.length;
        if (bytes > entry.bytes) throw untrue(name);
        crc = crc32(piece, crc);
        yield piece;
      }
    } catch (thrown) {
      throw thrown instanceof AppError ? thrown : untrue(name);
    }
    if (bytes !== entry.bytes || crc !== entry.crc) throw untrue(name);
  }

  /** Returns the content of a file as text. Throws as {@link pieces} does. */
  async text(name: string, most: number): Promise<string> {
    const pieces: Buffer[] = [];
    for await (const piece of this.pieces(name, most)) pieces.push(piece);
    return Buffer.concat(pieces).toString('utf8');
  }

  #unpacked({ name, method, local, packedBytes }: Entry): AsyncIterable<Buffer> {
    const zip = this.#zip;
    const names = local + sizes.local <= zip.length && zip.readUInt32LE(local) === signatures.local;
    if (!names) throw untrue(name);
    const start = local + sizes.local + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    if (start + packedBytes > zip.length) throw untrue(name);
    const packed = Readable.from([zip.subarray(start, start + packedBytes)]);
    if (method === methods.stored) return packed;
    const inflate = createInflateRaw();
    packed.on('error', (error) => inflate.destroy(error));
    return packed.pipe(inflate);
  }
}

function readDirectory(zip: Buffer, mostEntries: number): Map<string, Entry> {
  const end = zip.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  if (end < 0 || end + sizes.end > zip.length) throw invalid('It is no zip, or it is cut short');
  const count = zip.readUInt16LE(end + 10);
  if (count > mostEntries) throw invalid('It holds more files than any field pack');
  const entries = new Map<string, Entry>();
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    const isEntry = at + sizes.central <= end && zip.readUInt32LE(at) === signatures.central;
    if (!isEntry) throw invalid('Its list of files is damaged');
    const entry = readEntry(zip, at);
    if (entries.has(entry.name)) throw invalid('It names a file twice');
    entries.set(entry.name, entry);
    at += sizes.central + [28, 30, 32].reduce((sum, from) => sum + zip.readUInt16LE(at + from), 0);
  }
  return entries;
}

function readEntry(zip: Buffer, at: number): Entry {
  const nameBytes = zip.readUInt16LE(at + 28);
  const entry = {
    name: zip.toString('utf8', at + sizes.central, at + sizes.central + nameBytes),
    method: zip.readUInt16LE(at + 10),
    crc: zip.readUInt32LE(at + 16),
    packedBytes: zip.readUInt32LE(at + 20),
    bytes: zip.readUInt32LE(at + 24),
    local: zip.readUInt32LE(at + 42),
  };
  const isPlain = entry.method === methods.stored || entry.method === methods.deflated;
  if (!isPlain || (zip.readUInt16LE(at + 8) & refusedFlags) !== 0) {
    throw invalid('It is packed in a way that no field pack is');
  }
  return entry;
}

function untrue(name: string): AppError {
  return invalid(`${name} in it is damaged, or larger than the file says`);
}

function invalid(reason: string): AppError {
  return new AppError({
    code: 'FILE_INVALID',
    message: `This file can’t be opened as a field pack. ${reason}.`,
    hint: 'Select a field pack that Ostor Console made with “Include cached cluster data”, or get an unchanged copy.',
  });
}
