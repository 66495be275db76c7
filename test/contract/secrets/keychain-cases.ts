import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FallbackSecretStore } from '#core/clusters/secrets/fallback-secret-store.ts';
import { systemKeychain } from '#core/clusters/secrets/keychain-process.ts';
import {
  KeychainSecretStore,
  keychainService,
} from '#core/clusters/secrets/keychain-secret-store.ts';
import { loadKeytar } from '#core/clusters/secrets/secret-store.ts';
import { createCore } from '#core/create-core.ts';
import { foundUnder } from '#test/fakes/files-under.ts';
import { secretStoreContract } from './secret-store-contract.ts';

/** One case that runs in a separate D-Bus session. */
export interface SessionCase {
  name: string;
  run(): Promise<void>;
}

/** A state of the operator's keychain. */
export type KeychainState =
  | 'unlocked'
  | 'locked-again'
  | 'locked'
  | 'prompting'
  | 'no-service'
  | 'no-library';

async function withStore<Result>(
  use: (store: KeychainSecretStore) => Promise<Result>,
): Promise<Result> {
  const store = new KeychainSecretStore(systemKeychain());
  try {
    return await use(store);
  } finally {
    store.close();
  }
}

async function call(
  core: Awaited<ReturnType<typeof createCore>>,
  name: string,
  input: unknown,
): Promise<Record<string, unknown>> {
  const reply = await core.dispatch(name, input, { signal: new AbortController().signal });
  assert.ok(reply.ok, `${name}: ${JSON.stringify(reply)}`);
  return reply.value as Record<string, unknown>;
}

/** Uses a console on a data directory; its keychain is waited for, however busy the machine is. */
async function withConsole(
  dataDir: string,
  use: (core: Awaited<ReturnType<typeof createCore>>) => Promise<void>,
): Promise<void> {
  const keychain = new KeychainSecretStore(systemKeychain());
  const secretStore = new FallbackSecretStore(keychain, { patience: 60_000 });
  const options = { shell: 'web', version: 'test', dataDir, checkOutputs: true } as const;
  const core = await createCore({ ...options, secretStore });
  await use(core);
  await core.close();
  keychain.close();
}

const connection = {
  name: 'Rack 12',
  endpoint: 'https://127.0.0.1:1',
  accessKeyId: 'AKIDEXAMPLE',
  environment: 'lab',
};

const keepsItOnNoOtherDisk: SessionCase = {
  name: 'leaves no trace of a secret in the data directory, and finds it again after a restart',
  run: async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'ostor-console-test-'));
    const secretKey = `secret-${randomUUID()}`;
    let id: unknown;
    await withConsole(dataDir, async (core) => {
      const saved = await call(core, 'connections.save', { ...connection, secretKey });
      assert.equal(saved.credentialStore, 'keychain');
      id = saved.id;
      await core.dispatch('connections.test', { id }, { signal: AbortSignal.timeout(5_000) });
      await core.dispatch('__proto__', { secretKey }, { signal: AbortSignal.timeout(5_000) });
    });

    assert.ok(foundUnder(dataDir, [connection.accessKeyId]).length > 0, 'there is what was saved');
    assert.deepEqual(foundUnder(dataDir, [secretKey]), []);

    await withConsole(dataDir, async (core) => {
      const [found] = (await call(core, 'connections.list', {})) as unknown as [
        Record<string, unknown>,
      ];
      assert.equal(found.hasCredential, true);
      assert.equal(found.credentialStore, 'keychain');
      assert.equal(JSON.stringify(found).includes(secretKey), false);
      await call(core, 'connections.remove', { id });
      assert.equal(await (await loadKeytar()).getPassword(keychainService, String(id)), null);
    });
    await rm(dataDir, { recursive: true });
  },
};

const unlocked: SessionCase[] = [
  ...secretStoreContract.map(({ name, run }) => ({
    name,
    run: () => withStore((store) => run(store, 'keychain')),
  })),
  {
    name: 'keeps a secret for the next session',
    run: async () => {
      await withStore((store) => store.set('next-session', 'kept'));
      const found = await withStore((store) => store.get('next-session'));
      assert.deepEqual(found, { secret: 'kept', kind: 'keychain' });
    },
  },
  {
    name: 'stores one line of base64',
    run: async () => {
      await withStore((store) => store.set('one-line', 'two\nlines'));
      const value = await (await loadKeytar()).getPassword(keychainService, 'one-line');
      assert.equal(value, Buffer.from('two\nlines').toString('base64'));
    },
  },
  {
    name: 'reports a value that is not its own and leaves it where it is',
    run: async () => {
      const keytar = await loadKeytar();
      await keytar.setPassword(keychainService, 'foreign', 'not base64!');
      const outcome = await withStore((store) => store.get('foreign').catch((thrown) => thrown));
      assert.equal(outcome.code, 'SECRET_UNREADABLE');
      assert.equal(`${outcome.message}${outcome.hint}`.includes('not base64!'), false);
      assert.equal(await keytar.getPassword(keychainService, 'foreign'), 'not base64!');
    },
  },
  {
    name: 'leaves nothing of its probe behind',
    run: async () => {
      await withStore((store) => store.probe());
      const { findCredentials } = (await import('keytar')).default;
      const accounts = (await findCredentials(keychainService)).map(({ account }) => account);
      assert.deepEqual(
        accounts.filter((account) => account.startsWith('probe-')),
        [],
      );
    },
  },
  keepsItOnNoOtherDisk,
];

function askBus(...message: string[]): string {
  return spawnSync('dbus-send', ['--session', '--print-reply', ...message]).stdout.toString();
}

/** Counts the prompts that the Secret Service is asked to show from now on. */
async function watchPrompts(): Promise<{
  count(): number;
  /** Resolves when something more was written. */
  more(): Promise<unknown>;
  end(): void;
}> {
  const calls = "type='method_call',interface='org.freedesktop.Secret.Prompt',member='Prompt'";
  const monitor = spawn('dbus-monitor', ['--session', calls], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  monitor.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(monitor.stdout, 'data'); // it has become a monitor
  return {
    count: () => output.split('member=Prompt').length - 1,
    more: () => once(monitor.stdout, 'data'),
    end: () => void monitor.kill(),
  };
}

/** The keyring is locked while the console runs, as some desktops do with the screen. */
const lockedAgain: SessionCase = {
  name: 'prompts once for 30 connections that are read at the same time',
  run: async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `cluster-${index}`);
    await withStore(async (store) => {
      for (const id of ids) await store.set(id, `of ${id}`);
    });
    const service = '/org/freedesktop/secrets';
    const lock = 'org.freedesktop.Secret.Service.Lock';
    const locked = askBus(
      ...['--dest=org.freedesktop.secrets', service, lock],
      `array:objpath:${service}/collection/login`,
    );
    assert.match(locked, /collection\/login/);
    const prompts = await watchPrompts();
    const store = new KeychainSecretStore(systemKeychain());
    try {
      const reads = ids.map((id) => store.get(id).catch(() => 'refused'));
      while (prompts.count() === 0) await prompts.more();
      // whoever else had been sent to the keyring would have asked by the time that it answers this
      for (let times = 0; times < 10; times += 1) {
        askBus('--dest=org.freedesktop.secrets', service, 'org.freedesktop.DBus.Peer.Ping');
        await new Promise(setImmediate);
      }
      assert.equal(prompts.count(), 1);
      store.close(); // nobody answers it
      assert.deepEqual(new Set(await Promise.all(reads)), new Set(['refused']));
      assert.equal(prompts.count(), 1);
    } finally {
      store.close();
      prompts.end();
    }
  },
};

const prompting = /waiting for its keyring to be unlocked/;

/**
 * Uses a store of this session. A keychain that answers, if only with an error, is waited for; one
 * that never will is given up at the end, since its call would keep this process for a minute.
 */
async function withFallback(
  reason: RegExp,
  use: (store: FallbackSecretStore) => Promise<void>,
): Promise<void> {
  const patience = reason === prompting ? 1_500 : 60_000;
  const keychain = new KeychainSecretStore(systemKeychain());
  await use(new FallbackSecretStore(keychain, { patience }));
  keychain.close();
}

function fallsBack(reason: RegExp): SessionCase {
  return {
    name: 'keeps secrets for the session, and says why',
    run: () =>
      withFallback(reason, async (store) => {
        assert.equal(await store.set('session', 'kept'), 'memory');
        assert.deepEqual(await store.get('session'), { secret: 'kept', kind: 'memory' });
        const status = await store.status();
        assert.equal(status.kind, 'memory');
        assert.match(status.reason ?? '', reason);
      }),
  };
}

function consoleWorks(reason: RegExp): SessionCase {
  return {
    name: 'the console works, and says so in the row of the connection',
    run: () =>
      withFallback(reason, async (store) => {
        const dataDir = await mkdtemp(join(tmpdir(), 'ostor-console-test-'));
        const core = await createCore({
          ...{ shell: 'web', version: 'test', dataDir, checkOutputs: true },
          ...(reason === prompting ? {} : { secretStore: store }),
        });
        const saved = await call(core, 'connections.save', { ...connection, secretKey: 'session' });
        assert.equal(saved.hasCredential, true);
        assert.equal(saved.credentialStore, 'memory');
        const information = await call(core, 'app.info', {});
        assert.equal(information.secretStore, 'memory');
        assert.match(String(information.secretStoreReason), reason);
        await core.close();
        await rm(dataDir, { recursive: true });
      }),
  };
}

function withoutKeychain(reason: RegExp): SessionCase[] {
  return [fallsBack(reason), consoleWorks(reason)];
}

/** The cases of each state of the keychain. */
export const keychainCases: Record<KeychainState, readonly SessionCase[]> = {
  unlocked,
  'locked-again': [lockedAgain],
  locked: withoutKeychain(/keychain is locked/),
  prompting: withoutKeychain(prompting),
  'no-service': withoutKeychain(/no Secret Service/),
  'no-library': withoutKeychain(/libsecret/),
};
