import { describe, expect, it } from 'vitest';
import { startDemoCluster } from '#simulator/demo-cluster.ts';
import { startSimulator } from '#simulator/index.ts';

describe('the demo cluster', () => {
  it('answers on the loopback interface to its key pair, and stops', async () => {
    const demo = await startDemoCluster();
    expect(demo.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(demo.accessKeyId).toMatch(/^[0-9a-f]{16}[A-Z0-9]{4}$/);
    expect((await fetch(demo.endpoint)).status).toBe(403);
    await demo.stop();
    await expect(fetch(demo.endpoint)).rejects.toThrow('fetch failed');
  });
});

describe('startSimulator', () => {
  it('stops although a request hangs', async () => {
    const simulator = await startSimulator();
    simulator.faults.add({ kind: 'hang-before' });
    const hanging = fetch(simulator.url);
    const outcome = expect(hanging).rejects.toThrow('fetch failed');
    while (simulator.log.entries.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await simulator.stop();
    await outcome;
  });

  it('serves two clusters at once', async () => {
    const two = await Promise.all([startSimulator({ seed: 1 }), startSimulator({ seed: 2 })]);
    expect(two[0].url).not.toBe(two[1].url);
    expect(two[0].secretKey).not.toBe(two[1].secretKey);
    await Promise.all(two.map((simulator) => simulator.stop()));
  });
});
