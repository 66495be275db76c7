import { describe, expect, it } from 'vitest';
import {
  hasFlag,
  parameter,
  parseQuery,
  type SimulatedRequest,
  serviceOf,
} from '#simulator/model/simulated-request.ts';

function requestOf(rawQuery: string): SimulatedRequest {
  const tokens = parseQuery(rawQuery, 'space');
  const service = serviceOf('/', tokens);
  const rest = { method: 'GET', path: '/', headers: {}, body: Buffer.alloc(0) };
  return { ...rest, rawQuery, tokens, service };
}

describe('a simulated request', () => {
  it('decodes names and values, leaving what cannot be decoded', () => {
    expect(parseQuery('ostor-users&a%20b=%C3%A9+x&c=%zz&d==', 'space')).toEqual([
      { name: 'ostor-users', value: null },
      { name: 'a b', value: 'é x' },
      { name: 'c', value: '%zz' },
      { name: 'd', value: '=' },
    ]);
    expect(parseQuery('a=b+c', 'literal')[0]?.value).toBe('b+c');
    expect(parseQuery('', 'space')).toEqual([]);
  });

  it('names its service by the first token alone, without a value', () => {
    const of = (query: string, path = '/') => serviceOf(path, parseQuery(query, 'space'));
    expect(of('ostor-users&id=1')).toBe('ostor-users');
    expect(of('id=1&ostor-users')).toBe('s3');
    expect(of('ostor-users=')).toBe('s3');
    expect(of('ostor-users', '/bucket')).toBe('s3');
  });

  it('takes an empty parameter for an absent one, but not for an absent flag', () => {
    const request = requestOf('ostor-users&emailAddress=&space&id=7');
    expect(parameter(request, 'emailAddress')).toBeUndefined();
    expect(parameter(request, 'id')).toBe('7');
    expect(hasFlag(request, 'space')).toBe(true);
    expect(hasFlag(request, 'ostor-users')).toBe(false);
  });
});
