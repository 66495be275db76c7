import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionStore } from '#core/clusters/connections/connection-store.ts';
import { EventBus } from '#core/platform/events.ts';
import { NoticeBoard } from '#core/platform/notice-board.ts';
import { storedConnection } from '#test/fakes/stored-connection.ts';

describe('ConnectionStore', () => {
  let directory: string;
  let store: ConnectionStore;

  const open = (): Promise<ConnectionStore> =>
    ConnectionStore.open(join(directory, 'connections.json'), new NoticeBoard(new EventBus()));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ostor-console-test-'));
    store = await open();
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('keeps what many changes at once ask for, in order', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `c-${index}`);
    await Promise.all([
      ...ids.map((id) => store.save(storedConnection({ id, name: id }))),
      store.update('c-3', { readOnly: true }),
      store.remove('c-4'),
    ]);
    const again = await open();
    expect(again.list()).toEqual(store.list());
    expect(again.list().map(({ id }) => id)).toEqual(ids.filter((id) => id !== 'c-4'));
    expect(again.find('c-3')?.readOnly).toBe(true);
  });

  it('refuses a second connection of one name, however it is written', async () => {
    await store.save(storedConnection({ id: 'a', name: 'Rack 12' }));
    await expect(store.save(storedConnection({ id: 'b', name: 'RACK 12' }))).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    await store.save(storedConnection({ id: 'a', name: 'rack 12' }));
    expect(store.list()).toHaveLength(1);
  });

  it('leaves alone what is gone, and does not write for it', async () => {
    await store.save(storedConnection({ id: 'a' }));
    await rm(join(directory, 'connections.json'));
    await store.update('gone', { readOnly: true });
    await expect(readFile(join(directory, 'connections.json'))).rejects.toThrow();
  });

  it('never writes the file of another console that has an entry it cannot read', async () => {
    const path = join(directory, 'connections.json');
    const [known, other] = [storedConnection({ id: 'a' }), { id: 'b', name: 'of a later console' }];
    const content = JSON.stringify({ version: 1, connections: [known, other] });
    await writeFile(path, content);
    const notices = new NoticeBoard(new EventBus());
    const shared = await ConnectionStore.open(path, notices, true);
    const names = await readdir(directory);
    const noted = { detectedSignature: 'v2', detectedSelectors: ['emailAddress'] } as const;
    await shared.update('a', { ...noted, detectedSelectors: [...noted.detectedSelectors] });
    await shared.update('a', { secretInKeychain: true });
    await shared.save(storedConnection({ id: 'c', name: 'Rack 13' }));
    await shared.remove('c');
    await shared.settled();
    expect(shared.list()).toEqual([{ ...known, ...noted, secretInKeychain: true }]);
    expect(await readFile(path, 'utf8')).toBe(content);
    expect(await readdir(directory)).toEqual(names);
  });

  it('stays as it was when the disk refuses, and takes the next change', async () => {
    await store.save(storedConnection({ id: 'a' }));
    await rm(directory, { recursive: true });
    await expect(store.remove('a')).rejects.toMatchObject({ code: 'DISK_FAILED' });
    expect(store.find('a')).toBeDefined();
    await store.settled();
  });
});
