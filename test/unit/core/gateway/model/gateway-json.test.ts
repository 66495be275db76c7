import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGatewayJson } from '#core/gateway/model/read-fields.ts';

describe('parseGatewayJson', () => {
  it('keeps every digit of a long integer', () => {
    expect(
      parseGatewayJson('{"h_integral": 18446744073709551615, "n":-9007199254740993,"small":12}'),
    ).toEqual({ h_integral: '18446744073709551615', n: '-9007199254740993', small: 12 });
  });

  it.each([
    ['{"service_id": 8000000000000065}', '8000000000000065'],
    ['{"service_id": 800000000000006a, "period":1}', '800000000000006a'],
    ['{"service_id":"800000000000006a"}', '800000000000006a'],
    ['{"service_id":0x800000000000006a}', '0x800000000000006a'],
    ['{"service_id": 65}', '65'],
    ['{"service_id": null}', null],
  ])('reads the service id in %s', (text, serviceId) => {
    expect(parseGatewayJson(text)).toMatchObject({ service_id: serviceId });
  });

  it('leaves what looks like numbers inside strings alone', () => {
    const tricky = [
      '"key": 12345678901234567,',
      ':12345678901234567,',
      '\\":12345678901234567}',
      '"service_id": 80a,',
    ];
    expect(parseGatewayJson(JSON.stringify(tricky))).toEqual(tricky);
    expect(parseGatewayJson(JSON.stringify({ tricky }))).toEqual({ tricky });
  });

  it('takes a byte order mark', () => {
    expect(parseGatewayJson('\uFEFF[]')).toEqual([]);
  });

  it('parses all other JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, indent) => {
        const expected: unknown = JSON.parse(text);
        fc.pre(!/\d{16}/.test(text) && !text.includes('service_id'));
        expect(parseGatewayJson(JSON.stringify(expected, null, indent))).toEqual(expected);
      }),
    );
  });

  it('is exact for any integer under any key, whatever is in the strings around it', () => {
    const name = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(name, name, fc.bigInt({ min: 0n, max: 2n ** 64n }), (before, after, value) => {
        const text = `[${JSON.stringify(before)},{"size": ${value} ,"x":${JSON.stringify(after)}}]`;
        const parsed = parseGatewayJson(text) as [string, { size: number | string; x: string }];
        expect(parsed[0]).toBe(before);
        expect(parsed[1].x).toBe(after);
        expect(BigInt(parsed[1].size)).toBe(value);
      }),
    );
  });

  it('throws for half a document', () => {
    expect(() => parseGatewayJson('{"Buckets":[')).toThrow(SyntaxError);
  });
});
