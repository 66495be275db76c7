import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkerClient, workerEntry } from '#core/store/sqlite/worker.ts';
import type { methods } from './echo-worker.ts';

describe('WorkerClient', () => {
  let client: WorkerClient<typeof methods>;

  beforeEach(() => {
    client = new WorkerClient(workerEntry(import.meta.url, 'echo-worker'), null);
  });

  afterEach(() => client.terminate());

  it('calls methods, exact past 2^53', async () => {
    expect(await client.ask('double', { value: 2n ** 62n })).toBe(2n ** 63n);
  });

  it('hands buffers over instead of copying them', async () => {
    const bytes = new Uint8Array(1024);
    expect(await client.ask('length', { bytes }, { transfer: [bytes.buffer] })).toBe(1024);
    expect(bytes.byteLength).toBe(0);
  });

  it('tells progress before the value', async () => {
    const seen: unknown[] = [];
    await client.ask('steps', { count: 2 }, { onProgress: (update) => seen.push(update) });
    expect(seen).toEqual([{ step: 1 }, { step: 2 }]);
  });

  it('brings a coded error across', async () => {
    await expect(client.ask('refuse', {})).rejects.toMatchObject({
      code: 'CONFLICT',
      requestId: 'r1',
    });
  });

  it('keeps the text of an unforeseen error to itself', async () => {
    const error = await client.ask('stumble', {}).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'INTERNAL' });
    expect(String(error)).not.toContain('detail');
  });

  it('rejects what is under way, and what comes later, when the thread dies', async () => {
    await expect(client.ask('die', {})).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(client.ask('double', { value: 1n })).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});
