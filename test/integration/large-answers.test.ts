import { EventEmitter, once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createGateway } from '#core/gateway/create-gateway.ts';
import { ByteBudget } from '#core/gateway/transport/byte-budget.ts';

const mebibyte = 1024 * 1024;
const chunk = Buffer.alloc(mebibyte, '0 ');
const lanes = 8;
/** Of one answer: eight of them together are 800 MiB. */
const mebibytes = 100;
/** What all answers may hold together before others wait. */
const limit = 128;

/** A budget that says when an answer has to wait, and what was held at the most. */
class WatchedBudget extends ByteBudget {
  readonly paused = new Set<object>();
  readonly changed = new EventEmitter();
  most = 0;

  override take(answer: object, bytes: number, goOn: () => void): boolean {
    const goesOn = super.take(answer, bytes, () => {
      this.paused.delete(answer);
      goOn();
    });
    this.most = Math.max(this.most, this.held);
    if (!goesOn) {
      this.paused.add(answer);
      this.changed.emit('any');
    }
    return goesOn;
  }
}

/** Sends to all in step, a mebibyte each; nobody is waited for whose answer has to wait. */
async function sendAll(responses: readonly ServerResponse[], budget: WatchedBudget): Promise<void> {
  const left = new Map(responses.map((response) => [response, mebibytes]));
  const busy = new Set<ServerResponse>();
  while (left.size > 0) {
    for (const [response, more] of left) {
      if (busy.has(response)) continue;
      busy.add(response);
      response.write(chunk, () => {
        busy.delete(response);
        budget.changed.emit('any');
      });
      if (more > 1) left.set(response, more - 1);
      else {
        left.delete(response);
        response.end();
      }
    }
    do await once(budget.changed, 'any');
    while (busy.size > budget.paused.size);
  }
}

it('eight large answers at once are held to one budget', async () => {
  const budget = new WatchedBudget(limit * mebibyte);
  const responses: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    response.setHeader('content-length', mebibytes * mebibyte);
    if (responses.push(response) === lanes) void sendAll(responses, budget);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const gateway = createGateway({
    endpoint: `http://127.0.0.1:${port}`,
    accessKeyId: '0123456789abcdefABCD',
    secretKey: 'secret',
    signature: 'v2',
    proxy: null,
    maxConnections: lanes,
    budget,
  });
  onTestFinished(() => gateway.close());
  const name = 's3-usage-0123456789abcdef-2026-01-01T00:00:00.000Z-1800';
  const answers = Array.from({ length: lanes }, async () => {
    const { byteLength } = await gateway.getUsageObject(name);
    return byteLength;
  });
  expect(await Promise.all(answers)).toEqual(Array(lanes).fill(mebibytes * mebibyte));
  // the one that always continues comes on top, and what each had begun to receive
  expect(budget.most / mebibyte).toBeLessThan(limit + mebibytes + lanes);
});
