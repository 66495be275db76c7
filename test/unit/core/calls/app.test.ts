import { describe, expect, it } from 'vitest';
import { appHandlers } from '#core/calls/app.ts';
import { FallbackSecretStore } from '#core/clusters/secrets/fallback-secret-store.ts';
import { KeychainSecretStore } from '#core/clusters/secrets/keychain-secret-store.ts';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { EventBus } from '#core/platform/events.ts';
import { NoticeBoard } from '#core/platform/notice-board.ts';
import { FakeKeychain } from '#test/fakes/fake-keychain.ts';

describe('appHandlers', () => {
  it('says where data and secrets are, and why secrets are only in memory', async () => {
    const notices = new NoticeBoard(new EventBus());
    notices.add({ severity: 'information', message: 'Said.', hint: 'Nothing to do.' });
    const handlers = appHandlers({
      version: '1.2.3',
      shell: 'desktop',
      dataDir: '/data',
      logFile: '/data/log/console.log',
      secrets: new MemorySecretStore('The keychain is locked.'),
      notices,
      policy: null,
      updates: null as never,
      preferences: null as never,
    });
    const context = { signal: new AbortController().signal };
    const information = await handlers['app.info']({}, context);
    expect(information).toMatchObject({
      version: '1.2.3',
      shell: 'desktop',
      secretStore: 'memory',
      secretStoreReason: 'The keychain is locked.',
      dataDir: '/data',
      logFile: '/data/log/console.log',
      notices: [{ message: 'Said.' }],
    });
    await handlers['app.dismissNotice']({ id: information.notices[0]?.id ?? '' }, context);
    expect((await handlers['app.info']({}, context)).notices).toEqual([]);
  });

  it('asks the keychain again when the operator does', async () => {
    const keychain = new FakeKeychain();
    keychain.failure = new Error('the keyring is locked');
    const secrets = new FallbackSecretStore(new KeychainSecretStore(keychain));
    const handlers = appHandlers({
      version: '1.2.3',
      shell: 'web',
      dataDir: '/data',
      logFile: '/data/log/console.log',
      secrets,
      notices: new NoticeBoard(new EventBus()),
      policy: null,
      updates: null as never,
      preferences: null as never,
    });
    const context = { signal: new AbortController().signal };
    expect(await handlers['app.retryKeychain']({}, context)).toEqual({
      secretStore: 'memory',
      secretStoreReason: 'The keychain is locked, or has no keyring to keep secrets in.',
    });
    keychain.failure = null;
    expect(await handlers['app.retryKeychain']({}, context)).toEqual({ secretStore: 'keychain' });
    expect((await handlers['app.info']({}, context)).secretStore).toBe('keychain');
  });
});
