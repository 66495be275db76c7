import { createHash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** The quickest level: statistics shrink to an eighth with it, and to little less with the others. */
const quick = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** How raw objects are stored. Named in the row, so that another way can come later. */
export const rawEncoding = 'zstd';

export function compressRaw(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, quick);
}

export function expandRaw(encoding: string, body: Uint8Array): Uint8Array {
  if (encoding !== rawEncoding) throw new Error(`Unknown encoding ${encoding}.`);
  return zstdDecompressSync(body);
}

/**
 * JSON with sorted keys: the same value is always the same text, so that it can be hashed.
 * @param value plain data
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(
      Object.entries(part).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)),
    );
  });
}

/** SHA-256, hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
