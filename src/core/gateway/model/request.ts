import type { ErrorCode } from '#shared/errors.ts';
import type { QueryParameter } from './encode.ts';
import type { KeyPair } from './gateway.ts';

/** What a refusal means for one operation, where status or S3 code alone do not say it. */
export interface Refusal {
  code: ErrorCode;
  message: string;
  hint: string;
  /** Finds the same meaning in the gateway's words, where it sends them without a code. */
  words?: RegExp;
}

/** One request to the gateway before it is signed. */
export interface GatewayRequest {
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
  /** Another key to sign this one request with. */
  signAs?: KeyPair;
  /** A list that the gateway may need long to begin. */
  slow?: boolean;
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
