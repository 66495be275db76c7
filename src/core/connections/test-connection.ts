import type { CallOutput } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import type { Cluster } from '../clusters.ts';

/** Tries a connection and says step by step how far it came. */
export async function testConnection(
  cluster: Cluster,
  signal: AbortSignal,
): Promise<CallOutput<'connections.test'>> {
  try {
    const users = await (await cluster.gateway()).listUsers({ signal });
    return { ok: true, steps: [{ name: 'rights', ok: true, detail: `${users.length} users.` }] };
  } catch (thrown) {
    const { message, hint } = toAppError(thrown);
    return { ok: false, steps: [{ name: 'rights', ok: false, detail: `${message} ${hint}` }] };
  }
}
