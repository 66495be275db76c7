import { describe, expect, it } from 'vitest';
import { EventBus } from '#core/platform/events.ts';

describe('EventBus', () => {
  it('tells every listener until its subscription ends', () => {
    const events = new EventBus();
    const first: string[] = [];
    const second: string[] = [];
    const end = events.subscribe((event) => first.push(event.name));
    events.subscribe((event) => second.push(event.name));
    events.emit('connections.changed', {});
    end();
    events.emit('notices.changed', {});
    expect(first).toEqual(['connections.changed']);
    expect(second).toEqual(['connections.changed', 'notices.changed']);
  });
});
