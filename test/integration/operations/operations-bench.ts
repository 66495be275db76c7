import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import {
  type ProfileName,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '#simulator/index.ts';
import { type OperationsCore, type OperationsPeer, openOperationsCore } from './operations-core.ts';

/** The gateway that this run of the tests is about. */
export const profile: ProfileName = inject('profile') ?? 'tolerant';

/** Core and simulator together. */
export interface OperationsBench extends OperationsCore {
  simulator: Simulator;
}

/** Starts a simulator and opens core's operations on it, with a snapshot just refreshed. */
export async function openOperationsBench(
  options: SimulatorOptions = {},
  peer: Pick<OperationsPeer, 'maxConnections' | 'timeout'> = {},
): Promise<OperationsBench> {
  const simulator = await startSimulator({
    users: 12,
    buckets: 20,
    quotas: true,
    profile,
    ...options,
  });
  const directory = await mkdtemp(join(tmpdir(), 'ostor-operations-'));
  const { url, accessKeyId, secretKey } = simulator;
  const core = await openOperationsCore({ url, accessKeyId, secretKey, directory, ...peer });
  await core.refresh();
  return {
    ...core,
    simulator,
    async close() {
      await core.close();
      await simulator.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Left out: the tolerant one. */
    profile?: ProfileName;
  }
}
