import { createCore } from '#core/create-core.ts';
import { toAppError } from '#shared/errors.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { collectOnce } from './collect-once.ts';
import { FileSecretStore, readSecretFile } from './file-secret-store.ts';
import { readCollectorOptions } from './options.ts';

/** 0: all of it. 1: it could not be done. 2: done, but for some objects. 130: ended by a signal. */
type ExitStatus = 0 | 1 | 2 | 130;

function print(report: object): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

async function main(): Promise<ExitStatus> {
  const ending = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => ending.abort());
  }
  try {
    const { dataDir, secretFile, ...options } = readCollectorOptions(process.argv.slice(2));
    const secretStore = secretFile ? new FileSecretStore(await readSecretFile(secretFile)) : null;
    const core = await createCore({
      shell: 'web',
      version: packageJson.version,
      dataDir,
      sharesDataDir: true,
      ...(secretStore ? { secretStore } : {}),
    });
    try {
      const report = await collectOnce(core, options, ending.signal);
      const isWhole = report.failed === 0 && report.listComplete && report.removalHeldBack === null;
      print({ ok: isWhole, ...report });
      return isWhole ? 0 : 2;
    } finally {
      await core.close();
    }
  } catch (thrown) {
    print({ ok: false, error: toAppError(thrown).toData() });
    return ending.signal.aborted ? 130 : 1;
  }
}

process.exitCode = await main();
