import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListReader } from '#core/store/snapshot/refresh/list-reader.ts';

function readIn(text: string | Uint8Array, cuts: number[] = [], keys = ['Users', 'users']) {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const elements: unknown[] = [];
  const reader = new ListReader('a list of users', keys, {
    take: (more) => {
      elements.push(...more);
    },
    setAside(thrown) {
      throw thrown;
    },
  });
  const borders = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
    (left, right) => left - right,
  );
  let start = 0;
  for (const border of borders) {
    reader.push(bytes.slice(start, border));
    start = border;
  }
  reader.end();
  expect(reader.count).toBe(elements.length);
  return elements;
}

function codeOf(text: string | Uint8Array, cuts?: number[]): string {
  try {
    readIn(text, cuts);
    return 'none';
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
}

const cuts = fc.array(fc.nat(), { maxLength: 12 });
// Integers past 15 digits are read as text, on purpose; that is tested apart.
const element = fc
  .jsonValue({ maxDepth: 3 })
  .filter((value) => !/\d{16}/.test(JSON.stringify(value)));
const space = fc.constantFrom('', ' ', '\n', '\r\n\t');

describe('ListReader', () => {
  it('reads what JSON.parse reads, however the document is cut', () => {
    fc.assert(
      fc.property(
        fc.array(element),
        cuts,
        fc.constantFrom(0, 1, 2),
        space,
        (list, at, shape, gap) => {
          const text = gap + JSON.stringify(list, null, gap === '' ? 0 : 2) + gap;
          const wrapped = [
            text,
            `{${gap}"Users"${gap}:${gap}${text}}`,
            `{"page":{"Users":[1]},"text":"\\"Users\\":[","users":${text},"more":[2]}${gap}`,
          ][shape] as string;
          expect(readIn(wrapped, at)).toEqual(JSON.parse(JSON.stringify(list)));
        },
      ),
    );
  });

  it('refuses what JSON.parse refuses, however it is damaged and cut', () => {
    const damaged = fc.tuple(
      fc.array(element, { minLength: 1 }),
      fc.nat(),
      fc.constantFrom('', ',', ']', '[', '"', '}', '{', '1', '\\'),
    );
    fc.assert(
      fc.property(damaged, cuts, ([list, at, instead], where) => {
        const whole = JSON.stringify(list);
        const place = at % whole.length;
        const text = whole.slice(0, place) + instead + whole.slice(place + 1);
        let parsed: unknown;
        try {
          parsed = JSON.parse(text);
        } catch {
          expect(codeOf(text, where)).toMatch(/^ANSWER_(NOT_JSON|TRUNCATED)$/);
          return;
        }
        fc.pre(Array.isArray(parsed) && !/\d{16}/.test(text));
        expect(readIn(text, where)).toEqual(parsed);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps integers past 2^53 exact', () => {
    const text =
      '{"Users":[{"a":9007199254740993,"b":"9007199254740993","c":{"d":-18446744073709551615}}]}';
    expect(readIn(text)).toEqual([
      { a: '9007199254740993', b: '9007199254740993', c: { d: '-18446744073709551615' } },
    ]);
  });

  it('takes null for a list without entries, and skips a byte order mark', () => {
    expect(readIn('{"Users":null}')).toEqual([]);
    expect(readIn(new Uint8Array([0xef, 0xbb, 0xbf, 0x5b, 0x31, 0x5d]), [1, 2])).toEqual([1]);
  });

  it.each([
    ['<html><body>Sign in</body></html>', 'ANSWER_NOT_JSON'],
    ['Bad gateway', 'ANSWER_NOT_JSON'],
    ['', 'ANSWER_NOT_JSON'],
    ['{"Users":[{"a":1},{"b":', 'ANSWER_TRUNCATED'],
    ['{"Users":[{"a":1}', 'ANSWER_TRUNCATED'],
    ['{"Users":[{"a":1}]', 'ANSWER_TRUNCATED'],
    ['[{"a":"x', 'ANSWER_TRUNCATED'],
    ['[{"a":1}{"b":2}]', 'ANSWER_NOT_JSON'],
    ['[{"a":1},]', 'ANSWER_NOT_JSON'],
    ['[1] trailing', 'ANSWER_NOT_JSON'],
    ['{"items":[1,2]}', 'ANSWER_FOREIGN'],
    ['{"data":{"Users":[1]}}', 'ANSWER_FOREIGN'],
    ['"Users"', 'ANSWER_FOREIGN'],
    ['42', 'ANSWER_FOREIGN'],
    ['{"Code":"InternalError","Message":"We failed"}', 'ANSWER_ERROR_IN_SUCCESS'],
    ['<Error><Code>SlowDown</Code><Message>Wait</Message></Error>', 'ANSWER_ERROR_IN_SUCCESS'],
    ['{"Users":[],"error":{"code":"1","message":"half of it failed"}}', 'ANSWER_ERROR_IN_SUCCESS'],
  ])('says of %j that it is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
    expect(codeOf(text, [3, 7, 11, 12, 13])).toBe(code);
  });

  it('gives up on a document without a list before all of it is kept', () => {
    expect(codeOf(`{"rows":["${'x'.repeat(2_000_000)}"]}`)).toBe('ANSWER_FOREIGN');
    expect(codeOf(`[{"name":"${'x'.repeat(9_000_000)}"}]`, [8_900_000])).toBe('ANSWER_FOREIGN');
  });
});
