import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DemoHost } from '#core/clusters/demo/demo-host.ts';

class FakeDemo {
  readonly endpoint = 'http://127.0.0.1:1';
  readonly accessKeyId = 'AKID';
  readonly secretKey = 'demo secret';
  stopped = 0;

  async stop(): Promise<void> {
    this.stopped += 1;
  }
}

describe('DemoHost', () => {
  it('starts once for all who ask at once, and tells that it has started', async () => {
    let starts = 0;
    const told: string[] = [];
    const host = new DemoHost(async () => {
      starts += 1;
      return new FakeDemo();
    });
    host.started.on((id) => void told.push(id));
    const [first, second] = await Promise.all([host.running(), host.running()]);
    expect(first).toBe(second);
    expect(starts).toBe(1);
    expect(told).toEqual(['demo']);
    await host.stop();
  });

  it('leaves nothing behind, and can be started again', async () => {
    const demos: FakeDemo[] = [];
    const host = new DemoHost(async () => {
      demos.push(new FakeDemo());
      return demos.at(-1) as FakeDemo;
    });
    const { directory } = await host.running();
    expect(existsSync(directory)).toBe(true);
    await host.stop();
    await host.stop();
    expect(existsSync(directory)).toBe(false);
    expect(demos[0]?.stopped).toBe(1);
    await host.running();
    expect(demos).toHaveLength(2);
    await host.stop();
  });

  it('tries again after a start that failed', async () => {
    let fails = true;
    const host = new DemoHost(async () => {
      if (fails) throw new Error('no port');
      return new FakeDemo();
    });
    await expect(host.running()).rejects.toThrow('no port');
    fails = false;
    await host.running();
    await host.stop();
  });

  it('is not there where no demo was given', () => {
    expect(new DemoHost(undefined).available).toBe(false);
  });
});
