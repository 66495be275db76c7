import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { type Answer, Refusal } from '../model/answer.ts';
import type { Fault } from '../model/faults.ts';
import type { LoggedRequest } from '../model/request-log.ts';
import { mix32 } from '../model/seeded-random.ts';
import { parseQuery, type SimulatedRequest, serviceOf } from '../model/simulated-request.ts';
import type { SimulatorCore } from '../services/simulator-core.ts';
import { answerInstead, changedOnTheWay, errorAnswer, halfOf, sendAnswer } from './send-answer.ts';

function readRequest(
  raw: IncomingMessage,
  body: Buffer,
  plusInQuery: 'space' | 'literal',
): SimulatedRequest {
  const url = raw.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const rawQuery = mark === -1 ? '' : url.slice(mark + 1);
  const tokens = parseQuery(rawQuery, plusInQuery);
  const service = serviceOf(path, tokens);
  return { method: raw.method ?? '', path, rawQuery, tokens, headers: raw.headers, body, service };
}

function requestIdOf(seed: number, count: number): string {
  return [0, 1, 2, 3]
    .map((part) => mix32(seed, count, part).toString(16).padStart(8, '0'))
    .join('');
}

// A reset, not an orderly end, where the socket can do it (TLS cannot).
function reset(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

function sumOfLatency(faults: readonly Fault[]): number {
  const latencies = faults.filter((fault) => fault.kind === 'latency');
  return latencies.reduce((sum, fault) => sum + (fault.ms ?? 0), 0);
}

async function waitUntil(moment: number): Promise<void> {
  const left = moment - performance.now();
  if (left > 0) await sleep(left);
}

/**
 * Serves one request: acts, waits and answers or breaks as the faults and the gateway's rules say.
 * It acts at once and answers when the latency is over, so that a benchmark of a client at some
 * latency does not measure the simulator's own work besides.
 */
export async function serve(
  core: SimulatorCore,
  raw: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  const request = readRequest(raw, body, core.variants.plusInQuery);
  core.served += 1;
  const requestId = requestIdOf(core.state.seed, core.served);
  const entry = core.log.add({
    at: Date.now(),
    method: request.method,
    service: request.service,
    path: request.path,
    query: request.rawQuery,
    requestId,
  });
  const faults = core.faults.draw(request);
  const has = (kind: Fault['kind']) => faults.find((fault) => fault.kind === kind);
  const unserved = has('hang-before') ?? has('reset-before');
  const answer = unserved === undefined ? answerWith(core, request, entry, faults) : null;
  await waitUntil(startedAt + core.latencyMs + sumOfLatency(faults));
  await Promise.all(faults.map(({ until }) => until));
  if (has('hang-before') ?? has('hang-after')) return;
  if (answer === null || has('reset-after')) {
    reset(raw.socket);
    return;
  }
  entry.status = answer.status;
  const micros = Math.round((performance.now() - startedAt) * 1000);
  const headers = {
    'x-amz-request-id': requestId,
    'x-amz-req-time-micros': micros.toString(),
    ...(core.variants.dateHeader === 'sent' ? { date: new Date(core.clock()).toUTCString() } : {}),
    ...answer.headers,
  };
  await sendAnswer(
    response,
    { ...answer, headers },
    {
      transfer: has('truncated-json') ? 'length' : core.variants.transfer,
      cut: has('cut-body') !== undefined,
      spreadMs: has('slow-body')?.ms ?? (has('slow-body') ? 1000 : 0),
    },
  );
}

function answerWith(
  core: SimulatorCore,
  request: SimulatedRequest,
  entry: LoggedRequest,
  faults: readonly Fault[],
): Answer {
  for (const fault of faults) {
    const instead = answerInstead(fault, core.variants.errorForm, entry.requestId);
    if (instead !== null) return instead;
  }
  const skewMs = faults.find((fault) => fault.kind === 'skewed-clock')?.ms ?? 0;
  const answer = gatewayAnswer(core, request, entry, skewMs);
  const after = faults.find((fault) => fault.kind === 'status-after');
  if (after !== undefined) {
    const { errorForm } = core.variants;
    return answerInstead({ ...after, kind: 'status' }, errorForm, entry.requestId) ?? answer;
  }
  const truncated = faults.some((fault) => fault.kind === 'truncated-json');
  const sent = faults.reduce(changedOnTheWay, answer);
  return truncated ? { ...sent, body: halfOf(sent.body) } : sent;
}

function gatewayAnswer(
  core: SimulatorCore,
  request: SimulatedRequest,
  entry: LoggedRequest,
  skewMs: number,
): Answer {
  try {
    const answer = core.answer(request, skewMs, (accessKeyId) => {
      entry.accessKeyId = accessKeyId;
    });
    entry.acted = answer.changes;
    return answer;
  } catch (thrown) {
    const refusal =
      thrown instanceof Refusal
        ? thrown
        : new Refusal(500, 'InternalError', `The simulator failed: ${String(thrown)}`);
    return errorAnswer(refusal, core.variants.errorForm, entry.requestId);
  }
}
