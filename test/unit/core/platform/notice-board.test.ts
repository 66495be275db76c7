import { describe, expect, it } from 'vitest';
import { EventBus } from '#core/platform/events.ts';
import { NoticeBoard } from '#core/platform/notice-board.ts';

const words = {
  severity: 'warning',
  message: 'The snapshot was damaged.',
  hint: 'Refresh.',
} as const;

describe('NoticeBoard', () => {
  it('keeps a notice until it is dismissed, and tells of both', () => {
    const events = new EventBus();
    const reported: string[] = [];
    events.subscribe(({ name }) => reported.push(name));
    const board = new NoticeBoard(events);
    board.add(words);
    const [notice] = board.list();
    expect(notice).toMatchObject(words);
    board.dismiss(notice?.id ?? '');
    expect(board.list()).toEqual([]);
    expect(reported).toEqual(['notices.changed', 'notices.changed']);
  });

  it('says the same thing once', () => {
    const board = new NoticeBoard(new EventBus());
    board.add(words);
    board.add(words);
    expect(board.list()).toHaveLength(1);
  });

  it('takes the dismissal of a notice that is gone, and tells nobody', () => {
    const events = new EventBus();
    const board = new NoticeBoard(events);
    let reported = 0;
    events.subscribe(() => {
      reported += 1;
    });
    board.dismiss('gone');
    expect(reported).toBe(0);
  });
});
