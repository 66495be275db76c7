import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConnectionStore } from '#core/clusters/connections/connection-store.ts';
import { Credentials } from '#core/clusters/connections/credentials.ts';
import { FallbackSecretStore } from '#core/clusters/secrets/fallback-secret-store.ts';
import {
  KeychainSecretStore,
  keychainService,
} from '#core/clusters/secrets/keychain-secret-store.ts';
import { MemorySecretStore, type SecretStore } from '#core/clusters/secrets/secret-store.ts';
import { EventBus } from '#core/platform/events.ts';
import { type ConsoleLog, openLog } from '#core/platform/log/console-log.ts';
import { NoticeBoard } from '#core/platform/notice-board.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { FakeKeychain } from '#test/fakes/fake-keychain.ts';
import { storedConnection } from '#test/fakes/stored-connection.ts';

/** A memory store whose first look finds nothing, and says so only when it is set to. */
class SlowStore extends MemorySecretStore {
  answerLate: () => void = () => undefined;
  #asked = false;
  override async get(id: string): ReturnType<SecretStore['get']> {
    if (this.#asked) return super.get(id);
    this.#asked = true;
    return new Promise((resolve) => {
      this.answerLate = () => resolve(null);
    });
  }
}

describe('Credentials', () => {
  let directory: string;
  let log: ConsoleLog;
  let notices: NoticeBoard;
  let store: ConnectionStore;
  let events: EventBus;
  let keychain: FakeKeychain;
  const onLateAnswer = vi.fn();
  const connection = storedConnection();
  const inKeychain = storedConnection({ secretInKeychain: true });

  const credentialsOn = (secrets: SecretStore): Credentials =>
    new Credentials({ secrets, store, events, notices, log });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'ostor-console-test-'));
    log = openLog(join(directory, 'console.log'));
    events = new EventBus();
    events.subscribe(({ name }) => name === 'connections.changed' && onLateAnswer());
    notices = new NoticeBoard(events);
    store = await ConnectionStore.open(join(directory, 'connections.json'), notices);
    keychain = new FakeKeychain();
    onLateAnswer.mockReset();
  });

  afterEach(() => {
    log.close();
    rmSync(directory, { recursive: true });
  });

  it('hands a secret out for signing and hides it from the log', async () => {
    const credentials = credentialsOn(new MemorySecretStore());
    expect(await credentials.keep(connection, 'a secret')).toBe('memory');
    expect(await credentials.secretOf(connection)).toBe('a secret');
    expect(await credentials.whereabouts(connection)).toBe('memory');
    log.logger.info('said a secret aloud');
    expect(readFileSync(log.path, 'utf8')).not.toContain('a secret');
  });

  it('takes what is kept over what an earlier look finds later', async () => {
    const secrets = new SlowStore();
    const credentials = credentialsOn(secrets);
    const looking = credentials.whereabouts(connection);
    await credentials.keep(connection, 'a secret');
    secrets.answerLate();
    await looking;
    expect(await credentials.whereabouts(connection)).toBe('memory');
  });

  it('says what is missing, and why', async () => {
    const credentials = credentialsOn(new MemorySecretStore('The keychain is locked.'));
    expect(await credentials.whereabouts(connection)).toBeNull();
    await expect(credentials.secretOf(connection)).rejects.toMatchObject({
      code: 'CREDENTIAL_MISSING',
      message: 'No secret key is stored for "Rack 12". The keychain is locked.',
    });
  });

  it('says what it last knew while the keychain keeps it waiting, and tells when it has answered', async () => {
    keychain.hold();
    const credentials = credentialsOn(new KeychainSecretStore(keychain));
    expect(await credentials.whereabouts(inKeychain)).toBe('keychain');
    expect(await credentials.whereabouts(inKeychain)).toBe('keychain');
    expect(keychain.calls).toHaveLength(1);
    keychain.answer();
    await eventually(() => expect(onLateAnswer).toHaveBeenCalledOnce());
    expect(await credentials.whereabouts(inKeychain)).toBeNull();
  });

  it('does not take an older secret from the keychain for the one typed since', async () => {
    keychain.entries.set(`${keychainService}/${connection.id}`, 'b2xk');
    const credentials = credentialsOn(new KeychainSecretStore(keychain));
    expect(await credentials.whereabouts(connection)).toBeNull();
    await expect(credentials.secretOf(connection)).rejects.toMatchObject({
      code: 'CREDENTIAL_MISSING',
    });
    expect(await credentials.secretOf(inKeychain)).toBe('old');
  });

  it('tells of a value in the keychain that is not ours', async () => {
    keychain.entries.set(`${keychainService}/${connection.id}`, 'not base64!');
    const credentials = credentialsOn(new KeychainSecretStore(keychain));
    expect(await credentials.whereabouts(inKeychain)).toBeNull();
    expect(notices.list()).toMatchObject([{ message: expect.stringContaining(connection.id) }]);
    await expect(credentials.secretOf(inKeychain)).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
    });
  });

  it('tells when a removed connection leaves its secret in a keychain out of reach', async () => {
    keychain.failure = new Error('the keyring is locked');
    const credentials = credentialsOn(new FallbackSecretStore(new KeychainSecretStore(keychain)));
    await credentials.remove(connection);
    expect(notices.list()).toEqual([]);
    await credentials.remove(inKeychain);
    expect(notices.list()).toMatchObject([{ hint: expect.stringContaining(connection.id) }]);
  });

  it('moves a secret out of the keychain and back as a connection says', async () => {
    const credentials = credentialsOn(new FallbackSecretStore(new KeychainSecretStore(keychain)));
    const ofSession = { ...inKeychain, secretInKeychain: false, sessionOnlySecret: true };
    expect(await credentials.keep(inKeychain, 'a secret')).toBe('keychain');
    const held = await credentials.read(inKeychain);
    expect(await credentials.move(inKeychain, ofSession, held)).toBe('memory');
    expect(await keychain.getPassword(keychainService, inKeychain.id)).toBeNull();
    expect(await credentials.secretOf(ofSession)).toBe('a secret');
    expect(await credentials.whereabouts(ofSession)).toBe('memory');
    const again = await credentials.read(ofSession);
    expect(await credentials.move(ofSession, inKeychain, again)).toBe('keychain');
    expect(await keychain.getPassword(keychainService, inKeychain.id)).not.toBeNull();
    expect(await credentials.secretOf(inKeychain)).toBe('a secret');
    await expect(credentials.secretOf(ofSession)).rejects.toMatchObject({
      code: 'CREDENTIAL_MISSING',
    });
  });
});
