import { describe, expect, it } from 'vitest';
import { appHandlers } from '#core/app/handlers.ts';
import { NoticeBoard } from '#core/app/notice-board.ts';
import { EventBus } from '#core/events.ts';
import { MemorySecretStore } from '#core/secrets/memory-secret-store.ts';

describe('appHandlers', () => {
  it('says where data and secrets lie, and why secrets are only in memory', async () => {
    const notices = new NoticeBoard(new EventBus());
    notices.add({ severity: 'information', message: 'Said.', hint: 'Nothing to do.' });
    const handlers = appHandlers({
      version: '1.2.3',
      shell: 'desktop',
      dataDir: '/data',
      logFile: '/data/log/console.log',
      secrets: new MemorySecretStore('The keychain is locked.'),
      notices,
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
});
