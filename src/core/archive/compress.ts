import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** How raw objects are stored. Named in the row, so that another way can come later. */
export const rawEncoding = 'zstd';

/** A raw object in the form it is stored in. */
export function compressRaw(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes);
}

/** A raw object as the gateway sent it. */
export function expandRaw(encoding: string, body: Uint8Array): Uint8Array {
  if (encoding !== rawEncoding) throw new Error(`Unknown encoding ${encoding}.`);
  return zstdDecompressSync(body);
}
