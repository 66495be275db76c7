const blockBytes = 1 << 19;

/**
 * Gathers the chunks of a stream into blocks of half a megabyte, each in memory of its own, so that
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
