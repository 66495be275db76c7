import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, vi } from 'vitest';
import { DemoHost } from '#core/clusters/demo/demo-host.ts';
import { processMark } from '#core/platform/process-mark.ts';

class FakeDemo {
  readonly endpoint = 'http://127.0.0.1:1';
  readonly accessKeyId = 'AKID';
  readonly secretKey = 'demo secret';
  stopped = 0;

  async stop(): Promise<void> {
    this.stopped += 1;
  }
}

const child = `
  import { DemoHost } from '#core/clusters/demo/demo-host.ts';
  const host = new DemoHost(async () => ({ stop: async () => {} }));
  console.log((await host.running()).directory);
  setInterval(() => undefined, 60_000);
`;

/** Returns the demo's folder of a console that was killed. */
async function killedConsole(temporary: string): Promise<string> {
  const running = spawn(process.execPath, ['--input-type=module', '--eval', child], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(running, 'exit');
  const [directory] = await once(createInterface(running.stdout), 'line');
  running.kill('SIGKILL');
  await ended;
  return String(directory);
}

describe('DemoHost', () => {
  it('starts once for all who ask at once, and tells that it has started', async () => {
    let starts = 0;
    const reported: string[] = [];
    const host = new DemoHost(async () => {
      starts += 1;
      return new FakeDemo();
    });
    host.started.on((id) => void reported.push(id));
    const [first, second] = await Promise.all([host.running(), host.running()]);
    expect(first).toBe(second);
    expect(starts).toBe(1);
    expect(reported).toEqual(['demo']);
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

  it('removes what killed consoles left, and nothing of consoles that run', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'ostor-console-test-'));
    vi.stubEnv('TMPDIR', temporary);
    const folder = (name: string, owner?: string): string => {
      const directory = join(temporary, `ostor-console-demo-${name}`);
      mkdirSync(directory);
      if (owner !== undefined) writeFileSync(join(directory, 'owner'), owner);
      writeFileSync(join(directory, 'customers.sqlite'), 'x');
      return directory;
    };
    const killed = [
      await killedConsole(temporary),
      // ids of processes are given again: what runs under it now began at another time
      folder('killed', `${hostname()} ${process.ppid} 1`),
    ];
    expect(killed.filter((path) => existsSync(path))).toEqual(killed);
    const kept = [
      folder('running', processMark(process.ppid)),
      folder('own', processMark()),
      folder('elsewhere', 'another-host 1 1'),
      folder('beginning'),
    ];
    const host = new DemoHost(async () => new FakeDemo());
    const { directory } = await host.running();
    expect(killed.filter((path) => existsSync(path))).toEqual([]);
    expect(kept.filter((path) => existsSync(path))).toEqual(kept);
    expect(readFileSync(join(directory, 'owner'), 'utf8')).toBe(processMark());
    await host.stop();
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true });
  });

  it('is not there where no demo was given', () => {
    expect(new DemoHost(undefined).available).toBe(false);
  });
});
