import { createHmac } from 'node:crypto';
import type { Simulator } from '#simulator/index.ts';

/** A reply of the simulator as tests look at it. */
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON, or undefined where it is none. */
  json: unknown;
}

/** What a test sends besides method, path and query. */
export interface Sending {
  body?: string;
  headers?: Record<string, string>;
  /** Signs with another pair than the system user's. */
  accessKeyId?: string;
  secretKey?: string;
  date?: string;
  signal?: AbortSignal;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Sends one request signed with V2 in its older form, with signing code of the tests' own.
 * @param target path and query: `/?ostor-users&emailAddress=…`, `/bucket/key`
 */
export async function call(
  simulator: Simulator,
  method: string,
  target: string,
  sending: Sending = {},
): Promise<Reply> {
  const date = sending.date ?? new Date().toUTCString();
  const accessKeyId = sending.accessKeyId ?? simulator.accessKeyId;
  const secretKey = sending.secretKey ?? simulator.state.users.secretOf(accessKeyId);
  const resource = target.split('&')[0];
  const digest = sending.headers?.['content-md5'] ?? '';
  const type = sending.headers?.['content-type'] ?? '';
  const signature = createHmac('sha1', secretKey)
    .update(`${method}\n${digest}\n${type}\n${date}\n${resource}`)
    .digest('base64');
  const response = await fetch(simulator.url + target, {
    method,
    redirect: 'manual',
    headers: { ...sending.headers, date, authorization: `AWS ${accessKeyId}:${signature}` },
    // A body of bytes, so that fetch adds no content type, which would have to be signed.
    ...(sending.body === undefined ? {} : { body: Buffer.from(sending.body) }),
    ...(sending.signal === undefined ? {} : { signal: sending.signal }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}
