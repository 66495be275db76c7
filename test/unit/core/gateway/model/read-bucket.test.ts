import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readBucket, readBucketList } from '#core/gateway/model/read-bucket.ts';
import { parseGatewayJson } from '#core/gateway/model/read-fields.ts';

const text = `{"Buckets":[{"size":{"current":46700160,"h_integral":9223372036854775807,"hmax":"46700161",
  "last_ts":424237},"epoch":0,"owner_id":"ba7eba06129464c5","name":"bucket2",
  "creation_date":"2018-05-25T13:51:55.000Z"}]}`;

describe('readBucketList', () => {
  it('reads sizes exactly, as numbers or as text', () => {
    expect(readBucketList(parseGatewayJson(text))).toEqual([
      {
        name: 'bucket2',
        ownerId: 'ba7eba06129464c5',
        epoch: 0n,
        createdAt: '2018-05-25T13:51:55.000Z',
        currentBytes: 46700160n,
        peakBytes: 46700161n,
        byteIntegral: 9223372036854775807n,
        lastHour: 424237,
      },
    ]);
  });

  it.each([[{}], [{ Users: [] }], [null], [{ Buckets: [{ Name: 'x' }] }]])('refuses %j', (json) => {
    expect(() => readBucketList(json)).toThrow(expect.objectContaining({ code: 'ANSWER_FOREIGN' }));
  });
});

describe('readBucketList of rows that are not all sound', () => {
  it('leaves out figures that can’t be true, and says which', () => {
    const text = readFileSync(
      new URL('../../../../fixtures/underflow-bucket.json', import.meta.url),
    );
    const { Buckets } = parseGatewayJson(text.toString()) as { Buckets: unknown[] };
    const reported: string[] = [];
    const bucket = readBucket(Buckets[0], (field, value) => reported.push(`${field} ${value}`));
    expect(bucket).toMatchObject({ currentBytes: null, peakBytes: null, byteIntegral: null });
    expect(bucket).toMatchObject({ name: 'broken', epoch: 0n, lastHour: 490_000 });
    expect(reported).toEqual(
      ['current', 'hmax', 'h_integral'].map((field) => `size.${field} 18446744073709551603`),
    );
  });

  it.each([-1, 'much', [], { a: 1 }, '1e300', 2 ** 64])('takes %j for no size', (current) => {
    expect(readBucket({ name: 'x', size: { current } }).currentBytes).toBeNull();
  });

  it('reads the rows that can be read', () => {
    const rows = [{ title: 'x' }, { name: 'a' }, 7, null, { name: 'b' }];
    expect(readBucketList(rows).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('readBucket', () => {
  it('takes a bucket without a size or a date', () => {
    expect(readBucket({ name: 'new' })).toMatchObject({
      name: 'new',
      createdAt: null,
      currentBytes: 0n,
      lastHour: 0,
    });
  });
});
