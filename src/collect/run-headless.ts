import { join } from 'node:path';
import { digestSecretName } from '#core/attention/digests.ts';
import { readConnectionFile } from '#core/clusters/connections/connection-file.ts';
import type { Core } from '#core/core.ts';
import { createCore } from '#core/create-core.ts';
import { endIfLate, endInAnyCase } from '#core/end-process.ts';
import { toAppError } from '#shared/errors.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { FileSecretStore, readSecretFile } from './file-secret-store.ts';
import type { HeadlessOptions } from './options.ts';

/** 0: complete. 1: failed. 2: done in part. 130: ended by a signal. */
type ExitStatus = 0 | 1 | 2 | 130;

/**
 * Runs a command without a window on its own console and prints one JSON line.
 * @param readOptions reads the command line
 * @param work does it; `isWhole` says whether nothing was left undone
 */
export async function runHeadless<Options extends Omit<HeadlessOptions, 'connection'>>(
  readOptions: (args: readonly string[]) => Options,
  work: (
    core: Core,
    options: Options,
    signal: AbortSignal,
  ) => Promise<{ isWhole: boolean; report: object }>,
): Promise<ExitStatus> {
  // What is written from here on is for the operator alone.
  process.umask(0o077);
  const ending = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => {
      ending.abort();
      endInAnyCase();
    });
  }
  try {
    const options = readOptions(process.argv.slice(2));
    const core = await openCore(options);
    try {
      const { isWhole, report } = await work(core, options, ending.signal);
      print({ ok: isWhole, ...report });
      return isWhole ? 0 : 2;
    } finally {
      await core.close().catch(endIfLate);
    }
  } catch (thrown) {
    print({ ok: false, error: toAppError(thrown).toData() });
    return ending.signal.aborted ? 130 : 1;
  }
}

type CoreOptions = Omit<HeadlessOptions, 'connection'> & {
  connection?: string | null;
  digestSecretFile?: string | null;
};

/** Returns the store of the secrets that files hold, one over the other; undefined where none is named. */
export async function secretStoreOf({
  dataDir,
  secretFile,
  digestSecretFile,
  connection,
}: CoreOptions): Promise<FileSecretStore | undefined> {
  let store: FileSecretStore | undefined;
  if (secretFile) {
    const isOwners = await ownerOf(dataDir, connection);
    store = new FileSecretStore(await readSecretFile(secretFile), isOwners);
  }
  if (digestSecretFile) {
    const isDigest = (entry: string): boolean => entry === digestSecretName;
    store = new FileSecretStore(await readSecretFile(digestSecretFile), isDigest, store);
  }
  return store;
}

async function openCore(options: CoreOptions): Promise<Core> {
  const secretStore = await secretStoreOf(options);
  return createCore({
    shell: 'web',
    version: packageJson.version,
    dataDir: options.dataDir,
    sharesDataDir: true,
    ...(secretStore ? { secretStore } : {}),
  });
}

/** Returns the keychain entry of the connection that a command names: a cluster's, else a billing system's. */
async function ownerOf(
  dataDir: string,
  nameOrId: string | null | undefined,
): Promise<(entry: string) => boolean> {
  const { connections } = await readConnectionFile(join(dataDir, 'connections.json'), true);
  const cluster = connections.find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (cluster) return (entry) => entry === cluster.id;
  const clusterIds = new Set(connections.map(({ id }) => id));
  return (entry) => Boolean(nameOrId) && entry.startsWith('billing-') && !clusterIds.has(entry);
}

function print(report: object): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
