import { longestAnswer, tooLong } from './whole-answer.ts';

/**
 * All bytes of a stream.
 * @param longest bound of what is kept
 * @param beyond what to do at the bound: fail with `ANSWER_FOREIGN`, or keep what is there
 */
export async function collectBytes(
  chunks: AsyncIterable<Uint8Array>,
  longest = longestAnswer,
  beyond: 'fail' | 'cut' = 'fail',
): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.byteLength;
    kept.push(chunk);
    if (length > longest) {
      if (beyond === 'cut') break;
      throw tooLong();
    }
  }
  return Buffer.concat(kept);
}

/** The first character of a text that is no white space, and the whole stream again. */
export async function firstCharacter(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ first: string | undefined; rest: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  while (true) {
    const next = await iterator.next();
    if (next.done) return { first: undefined, rest: rejoin(seen, iterator) };
    seen.push(next.value);
    const text = new TextDecoder()
      .decode(next.value)
      .replace(/^\uFEFF/, '')
      .trimStart();
    if (text !== '') return { first: text[0], rest: rejoin(seen, iterator) };
  }
}

/**
 * The same bytes, each chunk in its own buffer, so that it may be transferred to a worker:
 * what the socket hands out are often pieces of one buffer, and the next piece would go with it.
 */
export async function* ownBuffers(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    yield chunk.byteLength === chunk.buffer.byteLength ? chunk : Uint8Array.from(chunk);
  }
}

async function* rejoin(
  seen: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* seen;
    while (true) {
      const next = await iterator.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // A reader that stops early lets the connection go.
    await iterator.return?.();
  }
}
