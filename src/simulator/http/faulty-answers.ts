import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { type Answer, jsonTextAnswer, Refusal } from '../model/answer.ts';
import type { Fault } from '../model/faults.ts';
import type { Variants } from '../model/variants.ts';
import { errorAnswer, errorDocument } from './error-answer.ts';

const page =
  '<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1>' +
  '<form method="post"><input name="user"><input name="password" type="password"></form></body></html>';

const foreignDocument = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Status',
  metadata: {},
  status: 'Failure',
  message: 'pods "gateway" is forbidden',
  code: 403,
});

/**
 * The answer that a fault gives in the gateway's place; null where the fault is of another sort.
 * @param form of the gateway's refusals
 */
export function answerInstead(
  fault: Fault,
  form: Variants['errorForm'],
  requestId: string,
): Answer | null {
  switch (fault.kind) {
    case 'status': {
      const status = fault.status ?? 503;
      const code = fault.code ?? codeOf(status);
      const refusal = new Refusal(status, code, `The gateway answered ${status}`);
      const answer = errorAnswer(refusal, form, requestId);
      if (fault.retryAfter === undefined) return answer;
      return { ...answer, headers: { ...answer.headers, 'retry-after': fault.retryAfter } };
    }
    case 'html':
      return {
        status: fault.status ?? 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: [Buffer.from(page)],
        changes: [],
      };
    case 'foreign-json':
      return jsonTextAnswer(foreignDocument);
    case 'error-in-success':
      return {
        status: 200,
        headers: { 'content-type': 'application/xml' },
        body: [
          Buffer.from(
            errorDocument('InternalError', 'We encountered an internal error.', requestId),
          ),
        ],
        changes: [],
      };
    case 'redirect':
      return {
        status: fault.status ?? 307,
        headers: { location: fault.location ?? 'https://elsewhere.example/' },
        body: [],
        changes: [],
      };
    default:
      return null;
  }
}

function codeOf(status: number): string {
  if (status === 429) return 'TooManyRequests';
  if (status === 503) return 'SlowDown';
  return status >= 500 ? 'InternalError' : 'RequestRefused';
}

/** The first half of a body, at least one byte less. */
export function halfOf(body: readonly Uint8Array[]): Uint8Array[] {
  const whole = Buffer.concat(body);
  return [whole.subarray(0, Math.floor(whole.length / 2))];
}

const compress = {
  gzip: gzipSync,
  deflate: deflateSync,
  'deflate-raw': deflateRawSync,
  br: brotliCompressSync,
  // A form nobody uses any more: what is sent does not matter.
  compress: gzipSync,
};

/** What a proxy on the way back makes of an answer. */
export function changedOnTheWay(answer: Answer, fault: Fault): Answer {
  const whole = Buffer.concat(answer.body);
  const { coding = 'gzip', charset } = fault;
  const warning = '214 cache.example "Transformation Applied"';
  const via = { via: '1.1 cache.example (squid/6.6)' };
  switch (fault.kind) {
    case 'compressed': {
      const headers = { ...answer.headers, 'content-encoding': coding.replace('-raw', ''), ...via };
      return whole.length === 0 ? answer : { ...answer, headers, body: [compress[coding](whole)] };
    }
    case 'recoded': {
      const type =
        charset === undefined ? 'application/json' : `application/json; charset=${charset}`;
      const body = [Buffer.from(whole.toString('utf8'), 'latin1')];
      return { ...answer, headers: { ...answer.headers, 'content-type': type, ...via }, body };
    }
    case 'flagged':
      return { ...answer, headers: { ...answer.headers, warning, ...via } };
    case 'transformed': {
      const headers = { ...answer.headers, 'content-type': 'text/html', warning, ...via };
      return {
        ...answer,
        headers,
        body: [Buffer.from(`<html><body><pre>${whole}</pre></body></html>`)],
      };
    }
    default:
      return answer;
  }
}
