import { describe, expect, it } from 'vitest';
import { parseUsageObject } from '#core/gateway/usage-object.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const key = '"key":{"bucket":"client","epoch":98309,"user_id":"b81d6c5f895a8c86","tag":""}';
const wrap = (counters: string, serviceId = '8000000000000065') =>
  encode(
    `{"fmt_version":1,"service_id":${serviceId},"start_ts":1485966714,"period":1390,"nr_items":99,"items":[{${key},"counters":${counters}}]}`,
  );
const flat =
  '{"ops":{"put":1,"get":"3","list":0,"other":9007199254740993},"net_io":{"uploaded":41258,"downloaded":18446744073709551615}}';
const counted = {
  put: 1n,
  get: 3n,
  list: 0n,
  other: 9007199254740993n,
  uploaded: 41258n,
  downloaded: 18446744073709551615n,
};

describe('parseUsageObject', () => {
  it("reads the guide's form, every counter exact", () => {
    expect(parseUsageObject(wrap(flat))).toEqual({
      formatVersion: 1,
      serviceId: '8000000000000065',
      startTs: 1485966714,
      period: 1390,
      declaredItems: 99,
      items: [
        {
          bucket: 'client',
          epoch: 98309n,
          userId: 'b81d6c5f895a8c86',
          tag: '',
          counters: counted,
          classes: [{ path: '', counters: counted }],
          unknown: {},
        },
      ],
    });
  });

  it.each(['"800000000000006a"', '800000000000006a'])('reads the service id %s', (id) => {
    expect(parseUsageObject(wrap(flat, id)).serviceId).toBe('800000000000006a');
  });

  it('finds counters nested by class and sums them', () => {
    const [item] = parseUsageObject(wrap(`{"STANDARD":${flat},"deep":{"COLD":${flat}}}`)).items;
    expect(item?.classes.map(({ path }) => path)).toEqual(['STANDARD', 'deep.COLD']);
    expect(item?.counters.other).toBe(2n * 9007199254740993n);
  });

  it('keeps what it does not know', () => {
    const counters =
      '{"ops":{"put":1,"head":7},"net_io":{"mirrored":12345678901234567},"extra":[1]}';
    const [item] = parseUsageObject(wrap(counters)).items;
    expect(item?.counters).toMatchObject({ put: 1n, uploaded: 0n });
    expect(item?.unknown).toEqual({
      'ops.head': '7',
      'net_io.mirrored': '"12345678901234567"',
      extra: '[1]',
    });
  });

  it.each([
    ['{"fmt_version":1,"items":[', 'ANSWER_TRUNCATED'],
    ['<html>', 'ANSWER_NOT_JSON'],
    ['{"status":"ok"}', 'ANSWER_FOREIGN'],
    ['{"items":[{}]}', 'ANSWER_FOREIGN'],
    ['{"items":[{"key":{},"counters":{"ops":{"put":"many"}}}]}', 'ANSWER_FOREIGN'],
  ])('refuses %s', (text, code) => {
    expect(() => parseUsageObject(encode(text))).toThrow(expect.objectContaining({ code }));
  });
});
