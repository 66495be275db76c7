import { describe, expect, it } from 'vitest';
import type { Dispatch } from '#core/platform/dispatch.ts';
import { describeWorkLeft, findWorkLeft, isWorkLeft } from '../../../src/main/work-left.ts';

/** Answers the three calls from what it is given. */
function consoleWith(
  tasks: { title: string; endedAt: string | null }[],
  connections: { id: string; name: string; demo: boolean; everyMinutes: number | null }[],
): { dispatch: Dispatch } {
  return {
    dispatch: async (name, input) => {
      if (name === 'tasks.list') return { ok: true, value: tasks };
      if (name === 'connections.list') return { ok: true, value: connections };
      const { connectionId } = input as { connectionId: string };
      const found = connections.find(({ id }) => id === connectionId);
      return { ok: true, value: { everyMinutes: found?.everyMinutes ?? null } };
    },
  };
}

const ended = { title: 'Refresh', endedAt: '2026-11-01T00:00:00Z' };
const running = { title: 'Collect', endedAt: null };
const rome = { id: 'rome', name: 'Rome', demo: false, everyMinutes: 60 };

describe('what is left when the last window closes', () => {
  it('is nothing when all tasks have ended and nothing is scheduled', async () => {
    const work = await findWorkLeft(consoleWith([ended], [{ ...rome, everyMinutes: null }]));
    expect(isWorkLeft(work)).toBe(false);
  });

  it('is the task under way', async () => {
    const work = await findWorkLeft(consoleWith([ended, running], []));
    expect(work).toEqual({ tasks: ['Collect'], schedules: [] });
    expect(isWorkLeft(work)).toBe(true);
    expect(describeWorkLeft(work)).toContain('under way');
  });

  it('is the schedule of a saved cluster, not of the demo', async () => {
    const demo = { ...rome, id: 'demo', name: 'Demo', demo: true };
    const work = await findWorkLeft(consoleWith([], [rome, demo]));
    expect(work.schedules).toEqual(['Rome']);
    expect(describeWorkLeft(work)).toContain('Rome');
  });
});
