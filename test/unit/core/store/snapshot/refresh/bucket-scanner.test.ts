import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBucket } from '#core/gateway/model/read-bucket.ts';
import { parseGatewayJson } from '#core/gateway/model/read-fields.ts';
import { BucketScanner } from '#core/store/snapshot/refresh/bucket-scanner.ts';

function scan(text: string) {
  const bytes = new TextEncoder().encode(text);
  const latin = Buffer.from(bytes).toString('latin1');
  const scanner = new BucketScanner();
  scanner.setBytes(bytes, latin);
  const end = scanner.scan(0);
  if (end < 0) return null;
  return {
    end,
    name: latin.slice(scanner.nameStart, scanner.nameEnd),
    ownerId: latin.slice(scanner.ownerStart, scanner.ownerEnd),
    epoch: BigInt(scanner.epoch),
    createdAt: Number.isNaN(scanner.createdAt) ? null : new Date(scanner.createdAt).toISOString(),
    currentBytes: BigInt(scanner.currentBytes),
    peakBytes: BigInt(scanner.peakBytes),
    byteIntegral: BigInt(scanner.byteIntegral),
    lastHour: Number(scanner.lastHour),
  };
}

const integer = fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n });
const small = fc.integer({ min: 0, max: 9_999_999 });
const date = fc.date({
  min: new Date('1970-01-01T00:00:00.000Z'),
  max: new Date('2199-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
const gap = fc.constantFrom('', ' ', '\n\t');

const bucketText = fc
  .record({
    name: fc.stringMatching(/^[a-z0-9.-]{1,63}$/),
    owner: fc.stringMatching(/^[0-9a-f]{16}$/),
    date,
    withMilliseconds: fc.boolean(),
    sizes: fc.tuple(integer, integer, integer),
    small: fc.tuple(small, small),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1, maxLength: 5 }),
    gap,
  })
  .map(
    ({ name, owner, date: at, withMilliseconds, sizes, small: [epoch, hour], order, gap: g }) => {
      const instant = at.toISOString();
      const created = withMilliseconds ? instant : instant.replace(/\.\d+Z$/, 'Z');
      const size = `{"h_integral":${sizes[2]},${g}"current":${sizes[0]},"last_ts":${hour}${g},"hmax"${g}:${sizes[1]}}`;
      const fields = [
        `"name":${g}"${name}"`,
        `"owner_id":"${owner}"`,
        `"epoch":${epoch}`,
        `"creation_date":"${created}"`,
        `"size":${size}`,
      ];
      return `{${order.map((index) => `${g}${fields[index]}`).join(',')}${g}}`;
    },
  );

describe('BucketScanner', () => {
  it('reads a bucket of the usual shape as the tolerant reading does, to the last digit', () => {
    fc.assert(
      fc.property(bucketText, (text) => {
        const scanned = scan(text);
        if (!text.includes('"name"')) {
          expect(scanned).toBeNull();
          return;
        }
        let implausible = false;
        const read = readBucket(parseGatewayJson(text), () => {
          implausible = true;
        });
        // Figures that can't be true are left to the tolerant reading.
        expect(scanned).toEqual(implausible ? null : { end: text.length, ...read });
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['an unknown key', '{"name":"a","class":"cold"}'],
    ['an escape', '{"name":"a\\u0062"}'],
    ['another script', '{"name":"bücher"}'],
    ['a number as text', '{"name":"a","size":{"current":"12"}}'],
    ['a fraction', '{"name":"a","size":{"current":12.5}}'],
    ['an exponent', '{"name":"a","size":{"current":1e9}}'],
    ['leading zeros', '{"name":"a","epoch":007}'],
    ['more than 64 bits', '{"name":"a","size":{"current":9223372036854775808}}'],
    ['a date of another form', '{"name":"a","creation_date":"Fri, 25 May 2018 17:12:00 GMT"}'],
    ['a day that is not', '{"name":"a","creation_date":"2019-02-29T00:00:00.000Z"}'],
    ['null', '{"name":"a","size":null}'],
    ['no name', '{"owner_id":"00"}'],
    ['an empty name', '{"name":""}'],
    ['an array', '[1]'],
    ['nothing in it', '{}'],
    ['a comma too many', '{"name":"a",}'],
    ['a control character', '{"name":"a\u0001"}'],
  ])('leaves a bucket with %s to the tolerant reading', (_what, text) => {
    expect(scan(text)).toBeNull();
  });

  it('gives up wherever the bytes end too early', () => {
    const text =
      '{"name":"logs","epoch":1,"owner_id":"aa","size":{"current":12345678901234567,"hmax":1}}';
    for (let length = 0; length < text.length; length += 1) {
      expect(scan(text.slice(0, length))).toBeNull();
    }
    expect(scan(text)).not.toBeNull();
  });
});
