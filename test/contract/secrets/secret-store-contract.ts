import assert from 'node:assert/strict';
import type { SecretStore, SecretStoreKind } from '#core/clusters/secrets/secret-store.ts';

/** One thing every secret store must do. Cases use their own ids, so that they can share a store. */
export interface SecretStoreCase {
  name: string;
  run(store: SecretStore, kind: SecretStoreKind): Promise<void>;
}

const hardSecrets = [
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'two\nlines\r\n',
  'ключ-密钥-🔑',
  ' spaces around ',
  'quote"back\\slash$`',
  'x'.repeat(4096),
];

/** What memory and keychain have to agree on. */
export const secretStoreContract: readonly SecretStoreCase[] = [
  {
    name: 'says what it is',
    run: async (store, kind) => assert.equal((await store.status()).kind, kind),
  },
  {
    name: 'has nothing of a connection it was given nothing for',
    run: async (store) => assert.equal(await store.get('contract-nothing'), null),
  },
  {
    name: 'gives back what it was given, and says where it lies',
    run: async (store, kind) => {
      assert.equal(await store.set('contract-given', 'first'), kind);
      assert.deepEqual(await store.get('contract-given'), { secret: 'first', kind });
    },
  },
  {
    name: 'keeps the newer of two secrets',
    run: async (store) => {
      await store.set('contract-newer', 'old');
      await store.get('contract-newer');
      await store.set('contract-newer', 'new');
      assert.equal((await store.get('contract-newer'))?.secret, 'new');
    },
  },
  {
    name: 'keeps every character of a secret',
    run: async (store) => {
      for (const [index, secret] of hardSecrets.entries()) {
        await store.set(`contract-hard-${index}`, secret);
        assert.equal((await store.get(`contract-hard-${index}`))?.secret, secret);
      }
    },
  },
  {
    name: 'tells connections apart',
    run: async (store) => {
      await store.set('contract-a', 'of a');
      await store.set('contract-b', 'of b');
      await store.remove('contract-a');
      assert.equal(await store.get('contract-a'), null);
      assert.equal((await store.get('contract-b'))?.secret, 'of b');
    },
  },
  {
    name: 'forgets, and forgets what is not there without complaint',
    run: async (store) => {
      await store.set('contract-forget', 'gone soon');
      await store.remove('contract-forget');
      await store.remove('contract-forget');
      assert.equal(await store.get('contract-forget'), null);
    },
  },
  {
    name: 'carries calls for one connection out in the order they were made',
    run: async (store) => {
      const calls = [
        store.set('contract-order', 'one'),
        store.remove('contract-order'),
        store.set('contract-order', 'two'),
        store.set('contract-order', 'three'),
      ];
      const read = store.get('contract-order');
      await Promise.all(calls);
      assert.equal((await read)?.secret, 'three');
    },
  },
];
