import { describe, expect, it } from 'vitest';
import { parseGatewayJson } from '#core/gateway/gateway-json.ts';
import { readBucket, readBucketList } from '#core/gateway/read-bucket.ts';

const text = `{"Buckets":[{"size":{"current":46700160,"h_integral":18446744073709551615,"hmax":"46700161",
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
        byteIntegral: 18446744073709551615n,
        lastHour: 424237,
      },
    ]);
  });

  it.each([[{}], [{ Users: [] }], [null], [{ Buckets: [{ Name: 'x' }] }]])('refuses %j', (json) => {
    expect(() => readBucketList(json)).toThrow(expect.objectContaining({ code: 'ANSWER_FOREIGN' }));
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
