import { startSimulator } from './index.ts';

/** The demo cluster's address and the key pair that manages it. */
export interface RunningDemo {
  endpoint: string;
  accessKeyId: string;
  secretKey: string;
  stop(): Promise<void>;
}

/**
 * Starts the demo cluster on the loopback interface: 240 made-up companies' users and 900 buckets, the
 * same every time, with limits and quotas, and four days of usage statistics of five services with gaps.
 */
export async function startDemoCluster(): Promise<RunningDemo> {
  const simulator = await startSimulator({
    users: 240,
    buckets: 900,
    quotas: true,
    usage: 960,
    usageGapEvery: 60,
    usageItems: 40,
    hugeCounters: false,
    seed: 2025,
    variants: { userList: 'Users' },
  });
  const { url, accessKeyId, secretKey } = simulator;
  return { endpoint: url, accessKeyId, secretKey, stop: () => simulator.stop() };
}
