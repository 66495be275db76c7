import { afterEach, expect, it } from 'vitest';
import type { CallInput, CallName } from '#shared/contract/index.ts';
import { httpAnswer, RawServer } from '#test/fakes/raw-server.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const long = '9'.repeat(400);
const name = 's3-usage-8000000000000065-2026-10-01T00:00:00.000Z-1800';
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const user = `{"UserId":"a1","UserEmail":"a@example.com","State":"enabled","OwnerId":${long},"AWSAccessKeys":[{"AWSAccessKeyId":${long}}]}`;
const bucket = `{"name":"b1","owner_id":"a1","epoch":${long},"creation_date":${long},"size":{"current":${long},"hmax":${long},"h_integral":-${long},"last_ts":${long}}}`;
const key = `{"bucket":"b1","epoch":${long},"user_id":"a1","tag":"t"}`;
const counters = `{"ops":{"put":${long},"get":1},"net_io":{"uploaded":${long},"downloaded":-${long}}}`;
const statistics = (start: string): string =>
  `{"fmt_version":${long},"service_id":${long},"start_ts":${start},"period":${long},"nr_items":${long},"items":[{"key":${key},"counters":${counters}}]}`;

function answerTo(request: string): string {
  const target = request.split(' ')[1] ?? '';
  if (target.includes('ostor-limits')) return `{"ops:default":${long},"bandwidth:out":"${long}"}`;
  if (target.includes('ostor-quotas')) return `{"size":${long},"version":${long}}`;
  if (target.includes('obj=')) return statistics(long);
  if (target.includes('ostor-usage'))
    return `{"nr_items":${long},"truncated":false,"items":["${name}"]}`;
  if (target.includes('ostor-buckets')) return `{"Buckets":[${bucket}]}`;
  return target.includes('emailAddress') || target.includes('id=') ? user : `{"Users":[${user}]}`;
}

it('numbers of 400 digits anywhere in an answer are coded errors or are set aside, never INTERNAL', async () => {
  const server = await RawServer.start((socket, received) =>
    socket.end(httpAnswer(200, answerTo(received), { date: new Date().toUTCString() })),
  );
  ends.push(() => server.stop());
  const console_ = await TestConsole.start();
  ends.push(() => console_.end());
  const { id: connectionId } = await console_.call('connections.save', {
    ...{ name: 'Odd', endpoint: server.url, accessKeyId: 'k', secretKey: 's' },
    ...{ environment: 'lab', signature: 'v2' },
  });
  const codes: Record<string, string> = {};
  const ask = async <Name extends CallName>(call: Name, input: object): Promise<unknown> => {
    const reply = await console_.reply(call, { connectionId, ...input } as CallInput<Name>);
    codes[`${call} ${JSON.stringify(input).slice(0, 60)}`] = reply.ok ? 'ok' : reply.error.code;
    return reply.ok ? reply.value : null;
  };
  await ask('sync.refresh', {});
  await ask('sync.status', {});
  await ask('users.list', { offset: 0, limit: 10 });
  await ask('buckets.list', { offset: 0, limit: 10 });
  await ask('users.get', { userId: 'a1' });
  await ask('buckets.get', { name: 'b1' });
  for (const target of [{ user: 'a1' }, { bucket: 'b1' }]) {
    await ask('limits.get', { target });
    await ask('quotas.get', { target });
  }
  await ask('quotas.get', { target: { default: 'user' } });
  await ask('usage.objects', { offset: 0, limit: 10 });
  await ask('usage.object', { name });
  const started = (await ask('usage.collect', {})) as { taskId: string } | null;
  if (started) {
    const task = await taskEnd(console_, started.taskId);
    codes['task usage.collect'] = task.error?.code ?? JSON.stringify(task.result);
  }
  expect(Object.entries(codes).filter(([, code]) => code.includes('INTERNAL'))).toEqual([]);
  expect(codes['sync.refresh {}']).toBe('ok');
});

it('an answer that is another object is not shown as the one that was asked for', async () => {
  const server = await RawServer.start((socket) =>
    socket.end(
      httpAnswer(200, '{"service_id":"8000000000000066","start_ts":1790812800,"items":[]}', {
        date: new Date().toUTCString(),
      }),
    ),
  );
  ends.push(() => server.stop());
  const console_ = await TestConsole.start();
  ends.push(() => console_.end());
  const { id: connectionId } = await console_.call('connections.save', {
    ...{ name: 'Odd', endpoint: server.url, accessKeyId: 'k', secretKey: 's' },
    ...{ environment: 'lab', signature: 'v2' },
  });
  await expect(console_.call('usage.object', { connectionId, name })).rejects.toMatchObject({
    code: 'ANSWER_FOREIGN',
    message: expect.stringContaining('it is of service 8000000000000066'),
  });
});
