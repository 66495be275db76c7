import { startSimulator } from './index.ts';

/** The demo cluster's address and the key pair that manages it. */
export interface RunningDemo {
  endpoint: string;
  accessKeyId: string;
  secretKey: string;
  stop(): Promise<void>;
}

/** Starts the demo cluster: made-up companies, deterministic, on the loopback interface. */
export async function startDemoCluster(): Promise<RunningDemo> {
  const simulator = await startSimulator({ users: 240, buckets: 900, seed: 2025 });
  const { url, accessKeyId, secretKey } = simulator;
  return { endpoint: url, accessKeyId, secretKey, stop: () => simulator.stop() };
}
