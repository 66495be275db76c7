import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameTable } from '#core/store/snapshot/refresh/name-table.ts';

const encoder = new TextEncoder();

describe('NameTable', () => {
  it('keeps what a Map keeps', () => {
    const entries = fc.array(fc.tuple(fc.string({ unit: 'binary', maxLength: 6 }), fc.nat()), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(entries, fc.string({ maxLength: 3 }), (pairs, stranger) => {
        const table = new NameTable();
        for (const [name, value] of pairs) {
          const bytes = encoder.encode(`..${name}..`);
          table.set(bytes, 2, bytes.length - 2, value);
        }
        const known = new Map(pairs.map(([name, value]) => [toWellFormed(name), value]));
        expect(table.size).toBe(known.size);
        for (const name of [...known.keys(), stranger]) {
          const bytes = encoder.encode(name);
          expect(table.get(bytes, 0, bytes.length)).toBe(known.get(name) ?? -1);
        }
      }),
    );
  });

  it('grows past its first size', () => {
    const table = new NameTable();
    const names = Array.from({ length: 20_000 }, (_, index) => encoder.encode(`bucket-${index}`));
    names.forEach((name, index) => {
      table.set(name, 0, name.length, index);
    });
    expect(names.every((name, index) => table.get(name, 0, name.length) === index)).toBe(true);
  });
});

function toWellFormed(text: string): string {
  return new TextDecoder().decode(encoder.encode(text));
}
