import { beforeAll, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { type KeychainState, keychainCases } from './keychain-cases.ts';
import { missingForKeychain, runKeychainSession } from './keychain-session.ts';
import type { SessionResult } from './run-session.ts';
import { secretStoreContract } from './secret-store-contract.ts';

describe('secrets in memory', () => {
  for (const { name, run } of secretStoreContract) {
    it(name, () => run(new MemorySecretStore(), 'memory'));
  }
});

const missing = missingForKeychain();
const states = Object.keys(keychainCases) as KeychainState[];

const sessions = new Map<KeychainState, Promise<SessionResult[]>>();

// All at once: most of the time is spent waiting for what never answers.
beforeAll(() => {
  if (missing !== null) return;
  for (const state of states) {
    const session = runKeychainSession(state);
    session.catch(() => undefined); // its own cases fail of it
    sessions.set(state, session);
  }
});

describe.each(states)('secrets with a real keyring, %s', (state) => {
  let results: SessionResult[] = [];

  beforeAll(async () => {
    if (missing !== null && !process.env.CI) return;
    expect(missing, 'with CI set, the keyring has to be there').toBeNull();
    results = (await sessions.get(state)) ?? [];
  });

  for (const { name } of keychainCases[state]) {
    it(name, (context) => {
      if (missing !== null) return context.skip(`this machine lacks ${missing}`);
      const result = results.find((candidate) => candidate.name === name);
      expect(result, 'the case was run').toBeDefined();
      expect(result?.error).toBeUndefined();
    });
  }
});
