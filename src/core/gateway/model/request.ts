import type { ErrorCode } from '#shared/errors.ts';
import { encodeQuery, type QueryParameter } from './encode.ts';

/** What a refusal means for one operation, where status or S3 code alone do not say it. */
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

/** The head of an answer. */
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

/** How requests are signed. */
export type SignatureForm = 'v2' | 'v2-unsigned-payload' | 'v4';

/** An access key pair. The secret is fetched to be shown and never stored. */
export interface KeyPair {
  accessKeyId: string;
  secretAccessKey: string;
}
