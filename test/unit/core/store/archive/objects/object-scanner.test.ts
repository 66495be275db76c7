import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ObjectScanner } from '#core/store/archive/objects/object-scanner.ts';
import { readTolerantly } from '#core/store/archive/objects/read-object.ts';
import { statisticsText } from '#test/fakes/statistics-object.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** With every count as `bigint`, so that both readers' results compare. */
function normal(object: ReturnType<typeof readTolerantly> | null) {
  return object?.items.map(({ subject, counters }) => ({
    ...subject,
    epoch: BigInt(subject.epoch),
    counts: Object.entries(counters).map(([name, count]) => [name, BigInt(count)]),
  }));
}

const count = fc.integer({ min: 0, max: 2 ** 49 });
const entry = fc.record({
  bucket: fc.string({ unit: 'grapheme' }),
  epoch: fc.nat(),
  userId: fc.stringMatching(/^[0-9a-f]{16}$/),
  put: count,
  get: count,
  list: count,
  other: count,
  uploaded: count,
  downloaded: count,
});

describe('ObjectScanner', () => {
  it('reads what the tolerant reader reads, or leaves it to that one', () => {
    const scanner = new ObjectScanner();
    let scanned = 0;
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), fc.boolean(), (entries, spaced) => {
        const text = statisticsText('8000000000000065', 1_485_966_714, 1390, entries);
        const bytes = encode(spaced ? text.replaceAll(/([:,{}[\]])(?=["{[])/g, '$1\n  ') : text);
        const object = scanner.scan(bytes);
        if (!object) return;
        scanned += 1;
        expect(normal(object)).toEqual(normal(readTolerantly(bytes)));
        expect(object).toMatchObject({ startTs: 1_485_966_714, period: 1390 });
      }),
    );
    expect(scanned).toBeGreaterThan(20);
  });

  it('hands out one subject for one key', () => {
    const scanner = new ObjectScanner();
    const bytes = encode(statisticsText('65', 1, 2, [{ bucket: 'b', userId: 'a1' }]));
    expect(scanner.scan(bytes)?.items[0]?.subject).toBe(scanner.scan(bytes)?.items[0]?.subject);
  });

  const plain = statisticsText('65', 1, 2, [{ bucket: 'b', userId: 'a1', put: 7 }]);
  it.each([
    ['cut', plain.slice(0, -20)],
    ['with more behind it', `${plain} {}`],
    ['HTML', '<html></html>'],
    ['empty', ''],
    ['a long number', plain.replace('"put":7', '"put":9007199254740993')],
    ['a fraction', plain.replace('"put":7', '"put":7.5')],
    ['an exponent', plain.replace('"put":7', '"put":7e3')],
    ['a negative', plain.replace('"put":7', '"put":-7')],
    ['text for a number', plain.replace('"put":7', '"put":"7"')],
    ['a missing counter', plain.replace('"put":7,', '')],
    ['a counter twice', plain.replace('"put":7', '"put":7,"put":7')],
    ['an unknown counter', plain.replace('"put":7', '"head":1,"put":7')],
    ['storage classes', plain.replace('"ops":', '"COLD":{"ops":').replace('}}}]', '}}}}]')],
    ['an escape in a name', plain.replace('"b"', String.raw`"b\u0041"`)],
    ['a key that holds more', plain.replace('"tag":""', '"tag":"","more":{}')],
  ])('leaves %s to the tolerant reader', (_, text) => {
    expect(new ObjectScanner().scan(encode(text))).toBeNull();
  });
});
