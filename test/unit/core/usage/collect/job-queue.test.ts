import { describe, expect, it } from 'vitest';
import { JobQueue } from '#core/usage/collect/job-queue.ts';

const free = async (): Promise<void> => undefined;

describe('JobQueue', () => {
  it('never runs more jobs at once than it is wide', async () => {
    const lanes = new JobQueue(3, free);
    let running = 0;
    let most = 0;
    for (let index = 0; index < 50; index += 1) {
      lanes.add(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
      });
    }
    await lanes.finished();
    expect(most).toBe(3);
  });

  it('puts urgent jobs first and waits for later ones', async () => {
    const order: string[] = [];
    const lanes = new JobQueue(1, free);
    const release = lanes.hold();
    lanes.add(async () => {
      order.push('first');
      lanes.addUrgent(async () => void order.push('urgent'));
      lanes.addLater(async () => void order.push('later'), 1);
    });
    lanes.add(async () => void order.push('second'));
    release();
    await lanes.finished();
    expect(order).toEqual(['first', 'urgent', 'second', 'later']);
  });

  it('ends with the first error, after what runs', async () => {
    const lanes = new JobQueue(2, free);
    let finished = false;
    lanes.add(async () => {
      throw new Error('no');
    });
    lanes.add(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      finished = true;
    });
    lanes.add(async () => {
      throw new Error('never started');
    });
    await expect(lanes.finished()).rejects.toThrow('no');
    expect(finished).toBe(true);
  });
});
