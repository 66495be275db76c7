import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEndpoint } from '#core/gateway/model/endpoint.ts';
import {
  encodePath,
  encodeQuery,
  type GatewayRequest,
  type QueryParameter,
  type SignatureForm,
} from '#core/gateway/model/request.ts';
import { signRequest } from '#core/gateway/signing/sign-request.ts';
import { authenticate } from '#simulator/authentication/authenticate.ts';
import {
  parseQuery,
  type SimulatedRequest,
  serviceOf,
} from '#simulator/model/simulated-request.ts';
import { defaultVariants } from '#simulator/model/variants.ts';

// Client and simulator sign and verify with their own code. Whatever can be asked for, in any
// script and with any sign in it, the one has to come to the result of the other.

const key = { accessKeyId: 'a14040e0b2ef8b28FZZ8', secretAccessKey: 'the secret of this test' };
const endpoint = parseEndpoint('https://s3.пример.испытание:8443');
const now = new Date('2026-03-01T10:00:00Z');

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
const tricky = fc.constantFrom(
  '+',
  'a b',
  "o'hara",
  'ü',
  'a&b=c',
  '100%',
  '%2B',
  '~-._',
  '!*()',
  '/',
);
const value = fc.oneof(text, tricky);
const parameter: fc.Arbitrary<QueryParameter> = fc.tuple(
  fc.constantFrom('emailAddress', 'id', 'bucket', 'accountName', 'obj', 'after'),
  value,
);
const management: fc.Arbitrary<GatewayRequest> = fc.record({
  purpose: fc.constant('test'),
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
  query: fc
    .tuple(
      fc.constantFrom('ostor-users', 'ostor-buckets', 'ostor-usage'),
      fc.uniqueArray(parameter, { selector: ([name]) => name, maxLength: 3 }),
      fc.boolean(),
    )
    .map(([service, parameters, flag]): QueryParameter[] => [
      [service, null],
      ...parameters,
      ...(flag ? [['genKey', null] as const] : []),
    ]),
});
const object: fc.Arbitrary<GatewayRequest> = fc.record({
  purpose: fc.constant('test'),
  method: fc.constant('PUT' as const),
  path: value.map((name) => encodePath('bucket', name)),
  body: fc.uint8Array(),
  contentType: fc.constantFrom('text/csv', 'application/vnd.apache.parquet'),
});

async function received(request: GatewayRequest, form: SignatureForm): Promise<SimulatedRequest> {
  const signed = await signRequest(request, { endpoint, key, form, now, userAgent: 'test' });
  const [path = '', rawQuery = ''] = signed.target.split('?');
  const tokens = parseQuery(rawQuery, 'literal');
  return {
    method: signed.method,
    path,
    rawQuery,
    tokens,
    headers: { ...signed.headers, host: new URL(endpoint.origin).host },
    body: Buffer.from(signed.body ?? []),
    service: serviceOf(path, tokens),
  };
}

function accepts(request: SimulatedRequest, secretKey: string): boolean {
  try {
    authenticate(request, defaultVariants, now.getTime(), () => ({
      secretKey,
      userId: 'a14040e0b2ef8b28',
      system: true,
      enabled: true,
    }));
    return true;
  } catch {
    return false;
  }
}

describe.each<SignatureForm>(['v2', 'v2-unsigned-payload', 'v4'])('a request signed %s', (form) => {
  it('is verified by other code, and by that secret alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(management, object), async (request) => {
        const sent = await received(request, form);
        expect(accepts(sent, key.secretAccessKey)).toBe(true);
        expect(accepts(sent, 'another secret')).toBe(false);
      }),
    );
  });

  it('arrives with the values that were meant', async () => {
    await fc.assert(
      fc.asyncProperty(management, async (request) => {
        const { tokens } = await received(request, form);
        expect(tokens.map(({ name, value: read }) => [name, read])).toEqual(request.query);
        expect(tokens[0]).toMatchObject({ value: null });
      }),
    );
  });
});

describe('a request signed V4', () => {
  it('is not verified once a parameter was changed on the way', async () => {
    const request: GatewayRequest = {
      purpose: 'test',
      method: 'DELETE',
      query: [
        ['ostor-users', null],
        ['emailAddress', 'one@example.com'],
      ],
    };
    const sent = await received(request, 'v4');
    const rawQuery = encodeQuery([
      ['ostor-users', null],
      ['emailAddress', 'two@example.com'],
    ]);
    expect(accepts({ ...sent, rawQuery }, key.secretAccessKey)).toBe(false);
  });
});
