import { type AppError, type ErrorCode, invalidInput } from '#shared/errors.ts';

/** One query parameter; `null` stands for a flag without `=`, as `genKey`. */
export type QueryParameter = readonly [name: string, value: string | null];

/** Text that needs no encoding: most names. */
const plain = /^[\w.~-]*$/;

/**
 * Percent-encodes a value as RFC 3986 asks and Signature V4 signs it: `+` becomes `%2B`, a space
 * `%20`, and `!'()*`, which `encodeURIComponent` leaves, are encoded too.
 * @throws `INPUT_INVALID` for text that is not well-formed Unicode
 */
export function percentEncode(value: string): string {
  if (plain.test(value)) return value;
  if (!value.isWellFormed()) {
    throw invalidInput(
      'A value contains invalid Unicode and cannot be sent.',
      'Type the value again; it was probably cut when it was copied.',
    );
  }
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The query of a request, without the `?`, in the order given: the service has to be the first
 * parameter, because Signature V2 signs that one alone.
 * @throws `INPUT_INVALID` for an empty value: the gateway takes an empty selector for none at all,
 * and would answer for, or act on, everything
 */
export function encodeQuery(parameters: readonly QueryParameter[]): string {
  return parameters
    .map(([name, value]) => {
      if (value === null) return percentEncode(name);
      if (value === '') throw emptyParameter(name);
      return `${percentEncode(name)}=${percentEncode(value)}`;
    })
    .join('&');
}

/**
 * The path of a bucket, or of an object in it, in path style; the slashes of the key stay.
 * @throws `INPUT_INVALID` for a name that would address something else
 */
export function encodePath(bucket: string, key?: string): string {
  if (bucket === '' || bucket === '.' || bucket === '..' || bucket.includes('/') || key === '') {
    throw emptyParameter('bucket');
  }
  const path = `/${percentEncode(bucket)}`;
  return key === undefined ? path : `${path}/${key.split('/').map(percentEncode).join('/')}`;
}

function emptyParameter(name: string): AppError {
  return invalidInput(
    `The value for "${name}" is empty or cannot name anything.`,
    'Name exactly one target; the console never sends a request that could mean all of them.',
  );
}

/** What a refusal means for one operation, if status or S3 code are not enough. */
export interface Refusal {
  code: ErrorCode;
  message: string;
  hint: string;
  /** Finds the same meaning in the gateway's words, where it sends them without a code. */
  words?: RegExp;
}

/**
 * The one description of a request: sending, previews, lines for `s3_curl`, retries (GET alone) and the
 * write guard (anything but GET) come from it.
 */
export interface GatewayRequest<Answer = unknown> {
  /** What it does, for messages: "list the users". */
  purpose: string;
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Encoded path; the management services live at `/`. */
  path?: string;
  /** The service first, as a flag. */
  query?: readonly QueryParameter[];
  body?: Uint8Array;
  contentType?: string;
  /** By status or S3 error code; a code goes before words, words before the status. */
  refusals?: Readonly<Record<string, Refusal>>;
  /** Another key to sign this one request with; `owner` until the pair of the bucket's owner is known. */
  signAs?: KeyPair | 'owner';
  /** The answer is asked for because of a tenant's secret key in it. */
  bringsSecret?: boolean;
  /** A list that the gateway may need long to begin. */
  slow?: boolean;
  /** Reads the answer's JSON; omitted: the answer says nothing but that it was done. */
  read?(json: unknown): Answer;
}

/** Returns path and query of a request, encoded, as they are signed, sent and shown. */
export function requestTarget({ path = '/', query = [] }: GatewayRequest): string {
  return query.length === 0 ? path : `${path}?${encodeQuery(query)}`;
}

export interface AnswerHead {
  status: number;
  headers: Readonly<Record<string, string>>;
  requestId: string | undefined;
}

/** An answer whose head has arrived. */
export interface OpenAnswer extends AnswerHead {
  body: AsyncIterable<Uint8Array>;
}

/** An answer that has arrived whole. */
export interface GatewayAnswer extends AnswerHead {
  bytes: Uint8Array;
}

export type SignatureForm = 'v2' | 'v2-unsigned-payload' | 'v4';

/** An access key pair. The secret is fetched to be shown and never stored. */
export interface KeyPair {
  accessKeyId: string;
  secretAccessKey: string;
}
