import { describe, expect, it } from 'vitest';
import { collectBytes, firstCharacter, ownBuffers } from '#core/gateway/transport/byte-stream.ts';

async function* chunksOf(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

describe('firstCharacter', () => {
  it.each([
    [['  ', '\n', '{"a"', ':1}'], '{'],
    [['\uFEFF[', ']'], '['],
    [['<html>'], '<'],
    [[' '], undefined],
    [[], undefined],
  ])('finds it in %j and loses nothing', async (texts, expected) => {
    const { first, rest } = await firstCharacter(chunksOf(...texts));
    expect(first).toBe(expected);
    expect(Buffer.from(await collectBytes(rest)).toString()).toBe(texts.join(''));
  });

  it('lets the source go when its reader stops early', async () => {
    let ended = false;
    async function* source() {
      try {
        yield* chunksOf('{', '}', '{');
      } finally {
        ended = true;
      }
    }
    const { rest } = await firstCharacter(source());
    for await (const _chunk of rest) break;
    expect(ended).toBe(true);
  });
});

describe('collectBytes', () => {
  it('stops at its bound', async () => {
    expect((await collectBytes(chunksOf('abc', 'def', 'ghi'), 4, 'cut')).byteLength).toBe(6);
    await expect(collectBytes(chunksOf('abc', 'def'), 4)).rejects.toMatchObject({
      code: 'ANSWER_FOREIGN',
    });
  });
});

describe('ownBuffers', () => {
  it('lets each chunk be transferred without the others', async () => {
    const shared = new TextEncoder().encode('abcdef');
    async function* pieces() {
      yield shared.subarray(0, 3);
      yield shared.subarray(3);
      yield new TextEncoder().encode('ghi');
    }
    const read: string[] = [];
    for await (const chunk of ownBuffers(pieces())) {
      const moved = structuredClone(chunk, { transfer: [chunk.buffer as ArrayBuffer] });
      read.push(new TextDecoder().decode(moved));
    }
    expect(read).toEqual(['abc', 'def', 'ghi']);
  });
});
