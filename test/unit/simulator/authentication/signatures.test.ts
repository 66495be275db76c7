import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  payloadHashHolds,
  readSignatureV2,
  readSignatureV4,
  requiredHeadersSigned,
  signatureV2Holds,
  signatureV4Holds,
  stringToSignV2,
} from '#simulator/authentication/signatures.ts';
import {
  parseQuery,
  type SimulatedRequest,
  serviceOf,
} from '#simulator/model/simulated-request.ts';

interface Vector {
  name: string;
  request: {
    method: string;
    path: string;
    query: string;
    headers: Record<string, string>;
    body?: string;
  };
  resource: string;
  stringToSign: string;
  signature: string;
  authorization: string;
}

interface VectorFile {
  accessKeyId: string;
  secretKey: string;
  vectors: Vector[];
}

function vectorsOf(file: string): VectorFile {
  const path = resolve(import.meta.dirname, '../../../fixtures/signing', file);
  return JSON.parse(readFileSync(path, 'utf8')) as VectorFile;
}

function requestOf({ request }: Vector, path = request.path): SimulatedRequest {
  const tokens = parseQuery(request.query, 'literal');
  return {
    method: request.method,
    path,
    rawQuery: request.query,
    tokens,
    headers: request.headers,
    body: Buffer.from(request.body ?? ''),
    service: serviceOf(path, tokens),
  };
}

describe.each(['guide-v2.json', 'guide-v2-unsigned-payload.json', 's3-v2.json'])(
  'the simulator, of %s,',
  (file) => {
    const { secretKey, vectors } = vectorsOf(file);

    it.each(vectors)('accepts: $name', (vector) => {
      // The published examples name the bucket in the host; the simulator's buckets are in the path.
      const request = requestOf(vector, vector.resource.split('?')[0]);
      expect(stringToSignV2(request)).toBe(vector.stringToSign);
      const claimed = { accessKeyId: '', signature: vector.signature };
      expect(signatureV2Holds(request, claimed, secretKey)).toBe(true);
      expect(signatureV2Holds(request, claimed, `${secretKey}x`)).toBe(false);
      expect(signatureV2Holds({ ...request, method: 'HEAD' }, claimed, secretKey)).toBe(false);
    });
  },
);

describe('Signature V2', () => {
  const [vector] = vectorsOf('guide-v2.json').vectors;
  const request = requestOf(vector as Vector);

  it('covers a content type that is sent', () => {
    const typed = {
      ...request,
      headers: { ...request.headers, 'content-type': 'application/json' },
    };
    expect(stringToSignV2(typed)).toContain('GET\n\napplication/json\n');
  });

  it('has an empty date where x-amz-date is signed', () => {
    const dated = { ...request, headers: { date: 'ignored', 'x-amz-date': 'then' } };
    expect(stringToSignV2(dated)).toBe('GET\n\n\n\nx-amz-date:then\n/?ostor-users');
  });

  it('is read from its header alone', () => {
    expect(readSignatureV2('AWS key:c2ln')).toEqual({ accessKeyId: 'key', signature: 'c2ln' });
    expect(readSignatureV2('AWS key')).toBeNull();
    expect(readSignatureV2('Basic key:c2ln')).toBeNull();
  });
});

describe('the simulator, of s3-v4.json,', () => {
  const { secretKey, vectors } = vectorsOf('s3-v4.json');

  it.each(vectors)('accepts: $name', (vector) => {
    const request = requestOf(vector);
    const claimed = readSignatureV4(vector.authorization);
    if (claimed === null) throw new Error('the header was not read');
    expect(claimed.signature).toBe(vector.signature);
    expect(requiredHeadersSigned(request, claimed)).toBe(true);
    expect(payloadHashHolds(request)).toBe(true);
    expect(signatureV4Holds(request, claimed, secretKey)).toBe(true);
    expect(signatureV4Holds(request, claimed, `${secretKey}x`)).toBe(false);
    const other = { ...request, rawQuery: `${request.rawQuery}&more` };
    expect(signatureV4Holds(other, claimed, secretKey)).toBe(false);
  });

  it('finds a body that is not the signed one, and a header that is not signed', () => {
    const vector = vectors.find(({ request }) => request.body !== undefined) as Vector;
    const request = requestOf(vector);
    const claimed = readSignatureV4(vector.authorization);
    if (claimed === null) throw new Error('the header was not read');
    expect(payloadHashHolds({ ...request, body: Buffer.from('other') })).toBe(false);
    const more = { ...request, headers: { ...request.headers, 'x-amz-acl': 'public-read' } };
    expect(requiredHeadersSigned(more, claimed)).toBe(false);
  });
});
