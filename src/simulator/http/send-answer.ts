import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../model/answer.ts';
import { halfOf } from './faulty-answers.ts';

/** How an answer is sent. */
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
