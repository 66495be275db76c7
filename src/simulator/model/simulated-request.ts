import type { IncomingHttpHeaders } from 'node:http';

/** One `name` or `name=value` of a query, decoded. `value` is null where there was no `=`. */
interface QueryToken {
  name: string;
  value: string | null;
}

export interface SimulatedRequest {
  method: string;
  /** Path as sent, percent-encoded. */
  path: string;
  /** Everything after `?` as sent, without it; empty where there was none. */
  rawQuery: string;
  tokens: QueryToken[];
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The management service (`ostor-users` …), or `s3`. */
  service: string;
}

/** Decodes percent-escapes; what cannot be decoded stays as it is. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The query's tokens in order. `plus` says what a raw `+` means in a value. */
export function parseQuery(rawQuery: string, plus: 'space' | 'literal'): QueryToken[] {
  if (rawQuery === '') return [];
  return rawQuery.split('&').map((token) => {
    const equals = token.indexOf('=');
    const name = decodePercent(equals === -1 ? token : token.slice(0, equals));
    if (equals === -1) return { name, value: null };
    const raw = token.slice(equals + 1);
    return { name, value: decodePercent(plus === 'space' ? raw.replaceAll('+', ' ') : raw) };
  });
}

/** The management service a request names: its first query token on `/`, without a value; else `s3`. */
export function serviceOf(path: string, tokens: readonly QueryToken[]): string {
  const first = tokens[0];
  return path === '/' &&
    first !== undefined &&
    first.value === null &&
    first.name.startsWith('ostor-')
    ? first.name
    : 's3';
}

/** The value of a parameter, or undefined where it is absent or empty (the gateway treats both alike). */
export function parameter(request: SimulatedRequest, name: string): string | undefined {
  const value = request.tokens.slice(1).find((token) => token.name === name)?.value;
  return value === null || value === '' ? undefined : value;
}

/** Returns whether a parameter is there, with a value or as a flag. */
export function hasFlag(request: SimulatedRequest, name: string): boolean {
  return request.tokens.slice(1).some((token) => token.name === name);
}
