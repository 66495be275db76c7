import { expect, test } from 'vitest';
import { readEventStream } from '#renderer/kit/rpc/transport/web.ts';

function body(chunks: readonly string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
}

async function namesIn(chunks: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for await (const event of readEventStream(body(chunks))) names.push(event.name);
  return names;
}

test('reads events and passes heartbeats over', async () => {
  const text =
    ': connected\n\ndata: {"name":"connections.changed","payload":{}}\n\n: alive\n\ndata: {"name":"notices.changed","payload":{}}\n\n';
  expect(await namesIn([text])).toEqual(['connections.changed', 'notices.changed']);
});

test('does not mind where the bytes are cut, nor the line ends', async () => {
  const text = 'data: {"name":"connections.changed","payload":{}}\r\n\r\n';
  for (let cut = 1; cut < text.length; cut += 1) {
    expect(await namesIn([text.slice(0, cut), text.slice(cut)])).toEqual(['connections.changed']);
  }
});

test('drops an event that was cut off by the end', async () => {
  expect(await namesIn(['data: {"name":"connections.ch'])).toEqual([]);
});
