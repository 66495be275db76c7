import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { type Answer, encodeJson, jsonTextAnswer, Refusal } from '../model/answer.ts';
import type { Fault } from '../model/faults.ts';
import type { Variants } from '../model/variants.ts';

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
  // A form out of use: what is sent does not matter.
  compress: gzipSync,
};

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

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? character);
}

/** S3's XML error document. */
function errorDocument(code: string, message: string, requestId: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    `<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>` +
    `<Resource></Resource><RequestId>${requestId}</RequestId></Error>`
  );
}

/** A refusal in the form the variant asks for: XML body, `X-Amz-Err-Message`, both, JSON or nothing. */
export function errorAnswer(
  refusal: Refusal,
  form: Variants['errorForm'],
  requestId: string,
): Answer {
  const headers: Record<string, string> = {};
  let body: Uint8Array[] = [];
  if (form === 'header' || form === 'xml-and-header') {
    // Header values are Latin-1 at best: what does not fit is sent as a question mark.
    headers['x-amz-err-message'] = refusal.message.replaceAll(/[^\x20-\x7e]/g, '?');
  }
  if (form === 'xml' || form === 'xml-and-header') {
    headers['content-type'] = 'application/xml';
    body = [Buffer.from(errorDocument(refusal.code, refusal.message, requestId))];
  }
  if (form === 'json') {
    headers['content-type'] = 'application/json';
    body = [Buffer.from(encodeJson({ code: refusal.code, message: refusal.message }))];
  }
  return { status: refusal.status, headers, body, changes: [] };
}

export interface Sending {
  transfer: 'chunked' | 'length';
  /** Send half of the body, then break the connection. */
  cut: boolean;
  /** Milliseconds over which the body is spread. */
  spreadMs: number;
}

const piecesOfSlowBody = 10;

function slices(body: readonly Uint8Array[], count: number): Uint8Array[] {
  const whole = Buffer.concat(body);
  const size = Math.max(1, Math.ceil(whole.length / count));
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < whole.length; at += size) pieces.push(whole.subarray(at, at + size));
  return pieces;
}

/** Resolves when the peer took what was written, or went away. */
function writable(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/** Writes an answer to the socket, broken or slowed as asked. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  sending: Sending,
): Promise<void> {
  const length = answer.body.reduce((sum, part) => sum + part.length, 0);
  const bodiless = answer.status === 204 || answer.status === 304;
  const headers: Record<string, string | number> = { ...answer.headers };
  if (!bodiless && (length === 0 || sending.transfer === 'length')) {
    headers['content-length'] = length;
  }
  // Else the peer may send its next request on a connection that is about to break.
  if (sending.cut) headers.connection = 'close';
  // The gateway's clock is not this machine's: Node's own `Date` would say the wrong time.
  response.sendDate = false;
  response.writeHead(answer.status, headers);
  const whole = bodiless ? [] : answer.body;
  const cut = sending.cut ? halfOf(whole) : whole;
  const parts = sending.spreadMs > 0 ? slices(cut, piecesOfSlowBody) : cut;
  for (const part of parts) {
    if (sending.spreadMs > 0) await sleep(sending.spreadMs / piecesOfSlowBody);
    if (response.destroyed) return;
    if (!response.write(part)) await writable(response);
  }
  if (!sending.cut) {
    response.end();
    return;
  }
  // Let what was written leave before the connection breaks, or the peer may see nothing of it.
  response.flushHeaders();
  await sleep(20);
  response.destroy();
}
