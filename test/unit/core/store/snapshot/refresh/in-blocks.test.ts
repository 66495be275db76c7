import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inBlocks } from '#core/store/snapshot/refresh/list-reader.ts';

async function* chunks(lengths: number[]): AsyncGenerator<Uint8Array> {
  let next = 0;
  for (const length of lengths) {
    yield Uint8Array.from({ length }, () => next++ % 251);
  }
}

async function all(chunked: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const gathered: Uint8Array[] = [];
  for await (const chunk of chunked) gathered.push(chunk);
  return gathered;
}

describe('inBlocks', () => {
  it('hands on every byte in order, in blocks with separate memory', async () => {
    const lengths = fc.array(fc.oneof(fc.nat(40), fc.integer({ min: 300_000, max: 1_200_000 })), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(lengths, async (each) => {
        const blocks = await all(inBlocks(chunks(each)));
        const whole = Buffer.concat(await all(chunks(each)));
        expect(Buffer.concat(blocks).equals(whole)).toBe(true);
        expect(new Set(blocks.map(({ buffer }) => buffer)).size).toBe(blocks.length);
        expect(blocks.slice(0, -1).every(({ length }) => length === 1 << 19)).toBe(true);
        expect(
          blocks.every(({ length, buffer }) => length > 0 && length === buffer.byteLength),
        ).toBe(true);
      }),
      { numRuns: 8 },
    );
  });
});
