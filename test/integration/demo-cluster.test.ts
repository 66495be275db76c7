import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DemoCluster } from '#core/clusters/demo/demo-host.ts';
import { startDemoCluster } from '#simulator/demo-cluster.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

describe('the demo cluster', () => {
  let subject: TestConsole;
  let running: DemoCluster[];
  let temporary: string;

  const demoDirectories = (): string[] =>
    readdirSync(temporary).filter((name) => name.startsWith('ostor-console-demo-'));

  beforeEach(async () => {
    running = [];
    temporary = mkdtempSync(join(tmpdir(), 'ostor-console-test-'));
    vi.stubEnv('TMPDIR', temporary);
    subject = await TestConsole.start({
      startDemo: async () => {
        const demo = await startDemoCluster();
        running.push(demo);
        return demo;
      },
    });
  });

  afterEach(async () => {
    await subject.end();
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true });
  });

  it('is shown while no connection is saved, marked so, and fills itself', async () => {
    expect(running).toEqual([]);
    const [demo, ...others] = await subject.call('connections.list', {});
    expect(others).toEqual([]);
    expect(demo).toMatchObject({
      id: 'demo',
      name: 'Demo cluster',
      environment: 'lab',
      demo: true,
      hasCredential: true,
      credentialStore: 'memory',
    });
    expect(JSON.stringify(demo)).not.toContain(running[0]?.secretKey);
    await eventually(async () => {
      const users = await subject.call('users.list', { connectionId: 'demo' });
      expect(users.total).toBeGreaterThan(100);
    });
    expect((await subject.call('connections.test', { id: 'demo' })).ok).toBe(true);
    expect(existsSync(join(subject.dataDir, 'connections'))).toBe(false);
    expect(demoDirectories()).toHaveLength(1);
  });

  it('goes when the first connection is saved, and comes back when the last is removed', async () => {
    await subject.call('connections.list', {});
    const { id } = await subject.call('connections.save', {
      name: 'Own',
      endpoint: 'https://127.0.0.1:1',
      accessKeyId: 'AKID',
      environment: 'lab',
    });
    expect((await subject.call('connections.list', {})).map(({ demo }) => demo)).toEqual([false]);
    await expect(subject.call('users.list', { connectionId: 'demo' })).rejects.toMatchObject({
      code: 'CONNECTION_NOT_FOUND',
    });
    await expect(fetch(running[0]?.endpoint ?? '')).rejects.toThrow();
    await subject.call('connections.remove', { id });
    const [demo] = await subject.call('connections.list', {});
    expect(demo?.demo).toBe(true);
    expect(running).toHaveLength(2);
  });

  it('leaves nothing behind when the console is closed, even at once', async () => {
    expect(await subject.call('connections.list', {})).toHaveLength(1);
    expect(demoDirectories()).toHaveLength(1);
    await subject.core.close();
    await expect(fetch(running[0]?.endpoint ?? '')).rejects.toThrow();
    expect(demoDirectories()).toEqual([]);
  });
});
