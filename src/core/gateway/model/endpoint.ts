import { isIP } from 'node:net';
import { AppError } from '#shared/errors.ts';

/** A gateway's address in the client's form. */
export interface Endpoint {
  /** `https://host:port`, the port omitted where it is the scheme's own; IDN in its ASCII form. */
  origin: string;
  /** Host for lookups and certificates: no brackets around IPv6. */
  hostname: string;
  port: number;
  secure: boolean;
  /** Plain http: Signature V2 signs neither parameters nor body, and anyone on the way can read. */
  unprotected: boolean;
}

/**
 * Reads what an operator typed or pasted: the scheme may be omitted (https is meant), a slash at the
 * end is dropped, names in any script are taken.
 * @throws `ENDPOINT_INVALID`
 */
export function parseEndpoint(text: string): Endpoint {
  const trimmed = text.trim();
  if (trimmed === '') throw invalid('No endpoint is given.');
  if (/\s/.test(trimmed)) throw invalid('The endpoint has a space in it.');
  const url = URL.parse(trimmed.includes('://') ? trimmed : `https://${trimmed}`);
  if (!url || url.hostname === '') throw invalid(`"${shorten(trimmed)}" is not an address.`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw invalid(`An endpoint begins with https:// or http://, not with ${url.protocol}//.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      'The endpoint has a user name or password in it.',
      'Leave them out; the access key has its own fields.',
    );
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw invalid(
      'The endpoint has more behind the host and port.',
      `The gateway answers at the root: enter ${url.origin}.`,
    );
  }
  if (url.port === '0') throw invalid('There is no port 0.');
  const secure = url.protocol === 'https:';
  return {
    origin: url.origin,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
    unprotected: !secure,
  };
}

export function isAddress(endpoint: Endpoint): boolean {
  return isIP(endpoint.hostname) !== 0;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function invalid(
  message: string,
  hint = 'Enter the address of the S3 gateway as https://s3.example.com or with a port.',
): AppError {
  return new AppError({ code: 'ENDPOINT_INVALID', message, hint });
}
