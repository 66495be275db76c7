import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import type { Core } from '#core/core.ts';
import { createCore } from '#core/create-core.ts';
import type { ConsoleEvent } from '#shared/contract/events.ts';
import { AppError } from '#shared/errors.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { ScriptedCore } from '#test/fakes/scripted-core.ts';
import type { JoinTransport, TransportPeer } from './transport-peer.ts';

/** What every transport owes the interface, whichever shell it runs in. */
export function transportSuite(name: string, joinTransport: JoinTransport): void {
  describe(`${name}: calls and events`, () => carries(joinTransport));
  describe(`${name}: joined to the console`, () => guards(joinTransport));
}

function carries(joinTransport: JoinTransport): void {
  let core: ScriptedCore;
  let peer: TransportPeer;
  beforeEach(async () => {
    core = new ScriptedCore();
    peer = await joinTransport(core);
  });
  afterEach(() => peer.close());

  it('carries name, input and value unchanged', async () => {
    const value = {
      text: 'Grüße, 世界 \u{1f4be}   "quoted" \\ \n',
      large: '18446744073709551616',
      exact: 9007199254740991,
      nested: [null, true, -0.5, { empty: {}, list: [] }],
    };
    core.script = async ({ input }) => ({ ok: true, value: input });
    expect(await peer.transport.call('users.list', value)).toEqual({ ok: true, value });
    expect(core.arrived.map((call) => call.name)).toEqual(['users.list']);
  });

  it('carries a value of many megabytes, and an input of one', async () => {
    const rows = Array.from({ length: 100_000 }, (_, row) => ({ row, name: `bucket-${row}` }));
    core.script = async ({ input }) => ({ ok: true, value: [input, rows] });
    const reply = await peer.transport.call('buckets.list', { text: 'x'.repeat(1_000_000) });
    expect(reply).toEqual({ ok: true, value: [{ text: 'x'.repeat(1_000_000) }, rows] });
  });

  it('carries an error with all of its fields and nothing more', async () => {
    const error = new AppError({
      code: 'GATEWAY_FAILED',
      message: 'What happened.',
      hint: 'What to do.',
      retryable: true,
      requestId: 'request-1',
      status: 503,
      details: { excerpt: 'text' },
      cause: new Error('hidden'),
    });
    core.script = async () => ({ ok: false, error: error.toData() });
    const reply = await peer.transport.call('users.list', {});
    expect(reply).toEqual({ ok: false, error: error.toData() });
    expect(JSON.stringify(reply)).not.toContain('hidden');
  });

  it('answers calls that overlap, each with its own reply', async () => {
    const waiting: (() => void)[] = [];
    core.script = async ({ input }) => {
      await new Promise<void>((resolve) => waiting.unshift(resolve));
      return { ok: true, value: input };
    };
    const replies = Promise.all([1, 2, 3].map((n) => peer.transport.call('users.get', { n })));
    await eventually(() => expect(waiting).toHaveLength(3));
    for (const answer of waiting) answer();
    expect(await replies).toEqual([1, 2, 3].map((n) => ({ ok: true, value: { n } })));
  });

  it('tells core when the caller went away', async () => {
    let signal: AbortSignal | undefined;
    core.script = (call) => {
      signal = call.signal;
      return new Promise((resolve) =>
        call.signal.addEventListener('abort', () => resolve({ ok: true, value: null })),
      );
    };
    const reply = peer.transport.call('sync.refresh', {}).catch(() => undefined);
    await eventually(() => expect(signal).toBeDefined());
    expect(signal?.aborted).toBe(false);
    peer.leave();
    await eventually(() => expect(signal?.aborted).toBe(true));
    await reply;
  });

  it('ends one call when its caller cancels it, and no other', async () => {
    const signals: AbortSignal[] = [];
    core.script = (call) => {
      signals.push(call.signal);
      return new Promise((resolve) =>
        call.signal.addEventListener('abort', () => resolve({ ok: true, value: null })),
      );
    };
    const abort = new AbortController();
    const cancelled = peer.transport.call('bulk.preview', {}, abort.signal);
    await eventually(() => expect(signals).toHaveLength(1));
    const other = peer.transport.call('bulk.preview', {}).catch(() => undefined);
    await eventually(() => expect(signals).toHaveLength(2));
    abort.abort();
    await expect(cancelled).rejects.toThrow(/abort/i);
    await eventually(() => expect(signals[0]?.aborted).toBe(true));
    expect(signals[1]?.aborted).toBe(false);
    peer.leave();
    await other;
  });

  it('delivers events in order until the subscription ends', async () => {
    const seen: ConsoleEvent[] = [];
    const end = peer.transport.subscribe({ onEvent: (event) => seen.push(event) });
    const emit = (connectionId: string) =>
      core.events.emit('data.changed', { connectionId, topics: ['users'] });
    await eventually(() => {
      emit('ready');
      expect(seen.length).toBeGreaterThan(0);
    });
    for (const id of ['a', 'b', 'c']) emit(id);
    await eventually(() =>
      expect(seen.slice(-3)).toEqual(
        ['a', 'b', 'c'].map((connectionId) => ({
          name: 'data.changed',
          payload: { connectionId, topics: ['users'] },
        })),
      ),
    );
    end();
    const count = seen.length;
    // a second listener that hears it shows that the event went out
    const later: ConsoleEvent[] = [];
    const endLater = peer.transport.subscribe({ onEvent: (event) => later.push(event) });
    await eventually(() => {
      emit('after');
      expect(later.length).toBeGreaterThan(0);
    });
    endLater();
    expect(seen).toHaveLength(count);
  });

  it('refuses a stranger by a coded error, and core hears nothing of it', async () => {
    const refused = await peer.stranger
      .call('connections.list', {})
      .catch((error: AppError) => ({ ok: false, error: error.toData() }));
    expect(refused).toMatchObject({ ok: false, error: { code: 'CALLER_REFUSED' } });
    expect(core.arrived).toEqual([]);
  });
}

function guards(joinTransport: JoinTransport): void {
  let folder: string;
  let core: Core;
  let peer: TransportPeer;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'transport-suite-'));
    core = await createCore({
      shell: 'web',
      version: '0.0.0',
      dataDir: folder,
      secretStore: new MemorySecretStore(),
      checkOutputs: true,
    });
    peer = await joinTransport(core);
  });
  afterEach(async () => {
    await peer.close();
    await core.close();
    await rm(folder, { recursive: true });
  });

  it('answers a call of the contract', async () => {
    const reply = await peer.transport.call('app.info', {});
    expect(reply).toMatchObject({ ok: true, value: { shell: 'web', dataDir: folder } });
  });

  it.each(['', 'nope', 'toString', '__proto__', 'constructor', 'hasOwnProperty', 'app.info/x'])(
    'knows no call %j',
    async (call) => {
      const reply = await peer.transport.call(call, {});
      expect(reply).toMatchObject({ ok: false, error: { code: 'CALL_UNKNOWN' } });
    },
  );

  it.each([null, [], 'text', { id: 7 }, { id: '../..' }])('refuses the input %j', async (input) => {
    const reply = await peer.transport.call('connections.test', input);
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'INPUT_INVALID', retryable: false, details: { issues: expect.any(Array) } },
    });
  });

  it('carries a secret in and never out', async () => {
    const secretKey = 'c2VjcmV0LW9mLXRoZS10ZXN0';
    const saved = await peer.transport.call('connections.save', {
      name: 'Rack 1',
      endpoint: 'https://gateway.example',
      accessKeyId: 'key',
      secretKey,
      environment: 'lab',
    });
    expect(saved).toMatchObject({ ok: true, value: { hasCredential: true } });
    const listed = await peer.transport.call('connections.list', {});
    expect(JSON.stringify([saved, listed])).not.toContain(secretKey);
  });
}
