import { execFile } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { programPath } from '#test/program-path.ts';
import type { LargeAnswersOrder } from './large-answers-process.ts';

const mebibyte = 1024 * 1024;
const chunk = Buffer.alloc(mebibyte, '0 ');
const lanes = 8;
/** Of one answer. Eight of them together are 800 MiB, and as much again while they are joined. */
const mebibytes = 100;

/** Sends to all side by side, a mebibyte each in turn; peers that take nothing at the moment are skipped. */
async function sendAll(responses: readonly ServerResponse[]): Promise<void> {
  const taken = new EventEmitter();
  const left = new Map(responses.map((response) => [response, mebibytes]));
  const busy = new Set<ServerResponse>();
  while (left.size > 0) {
    const progress = once(taken, 'any');
    for (const [response, more] of left) {
      if (busy.has(response)) continue;
      busy.add(response);
      response.write(chunk, () => {
        busy.delete(response);
        taken.emit('any');
      });
      if (more > 1) left.set(response, more - 1);
      else {
        left.delete(response);
        response.end();
      }
    }
    await progress;
  }
}

it('eight large answers at once are held to one budget in a separate process', async () => {
  const responses: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    response.setHeader('content-length', mebibytes * mebibyte);
    if (responses.push(response) === lanes) void sendAll(responses);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const order: LargeAnswersOrder = { endpoint: `http://127.0.0.1:${port}`, lanes };
  const program = programPath(import.meta.url, './large-answers-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(order)]);
  server.close();
  const { sizes, mostMiB } = JSON.parse(stdout) as { sizes: number[]; mostMiB: number };
  expect(sizes).toEqual(Array(lanes).fill(mebibytes * mebibyte));
  expect(mostMiB).toBeLessThan(lanes * mebibytes);
});
