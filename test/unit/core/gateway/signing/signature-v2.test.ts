import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signV2, stringToSignV2 } from '#core/gateway/signing/sign-request.ts';

interface Fixture {
  accessKeyId: string;
  secretKey: string;
  vectors: {
    name: string;
    request: { method: string; headers: Record<string, string> };
    resource: string;
    stringToSign: string;
    signature: string;
  }[];
}

const fixtures = ['s3-v2', 'guide-v2', 'guide-v2-unsigned-payload'].map((name) => ({
  name,
  fixture: JSON.parse(
    readFileSync(new URL(`../../../../fixtures/signing/${name}.json`, import.meta.url), 'utf8'),
  ) as Fixture,
}));

function partsOf({ request, resource }: Fixture['vectors'][number]) {
  const { headers, method } = request;
  return {
    method,
    contentMd5: headers['content-md5'] ?? '',
    contentType: headers['content-type'] ?? '',
    date: headers.date ?? '',
    amzHeaders: Object.fromEntries(
      Object.entries(headers).filter(([name]) => name.startsWith('x-amz-')),
    ),
    resource,
  };
}

describe.each(fixtures)('Signature V2, $name', ({ fixture }) => {
  it.each(fixture.vectors)('$name', (vector) => {
    const parts = partsOf(vector);
    expect(stringToSignV2(parts)).toBe(vector.stringToSign);
    expect(signV2(fixture.secretKey, vector.stringToSign)).toBe(vector.signature);
  });
});

describe('headers of the gateway in a signature', () => {
  it('are taken in any case and order, and unfolded', () => {
    const base = { method: 'GET', date: '', resource: '/' };
    expect(stringToSignV2({ ...base, amzHeaders: { 'X-Amz-B': ' 2 ', 'x-amz-a': '1\n  1' } })).toBe(
      'GET\n\n\n\nx-amz-a:1 1\nx-amz-b:2\n/',
    );
  });
});
