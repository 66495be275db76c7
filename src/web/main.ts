import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Core, createCore } from '#core/create-core.ts';
import { endIfLate, endInAnyCase, endProcess } from '#core/end-process.ts';
import { closeInOrder } from '#core/platform/close-in-order.ts';
import { InterfaceFiles } from '#core/platform/files/static-assets.ts';
import { AppError } from '#shared/errors.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { readWebOptions } from './options.ts';
import { createWebServer } from './web-server.ts';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Resolves when the operator or the system asks the program to end. */
function askedToEnd(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.once(signal, () => {
        endInAnyCase();
        resolve(signal);
      });
    }
  });
}

async function serve(core: Core, port: number): Promise<void> {
  const ending = askedToEnd();
  const files = new InterfaceFiles(fileURLToPath(new URL('../renderer', import.meta.url)));
  const token = randomBytes(32).toString('base64url');
  const server = createWebServer({ core, files, token });
  await server.listen({ host: '127.0.0.1', port });
  const address = server.server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${address.port}/#token=${token}\n`);
  say('The console answers at the address above, until this program is ended (Ctrl C).');
  await ending;
  // What callers still wait for ends with core; they need not hold up its closing.
  const closed = closeInOrder({ server: () => server.close() }, { whole: 1_000, each: 1_000 });
  await closed().catch(() => undefined);
}

async function main(): Promise<void> {
  const options = readWebOptions(process.argv.slice(2));
  const core = await createCore({
    shell: 'web',
    version: packageJson.version,
    dataDir: options.dataDir,
    // loaded when it is needed: a console with clusters of its own never does
    startDemo: async () => (await import('#simulator/demo-cluster.ts')).startDemoCluster(),
  });
  try {
    await serve(core, options.port);
  } finally {
    await core.close().catch(endIfLate);
  }
}

/** What happened and, where it is ours to say, what to do. */
function explain(thrown: unknown): string {
  if (thrown instanceof AppError) return `${thrown.message} ${thrown.hint}`;
  if (!(thrown instanceof Error)) return String(thrown);
  const isTaken = 'code' in thrown && thrown.code === 'EADDRINUSE';
  return isTaken
    ? `${thrown.message}. Choose another --port, or 0 for a free one.`
    : thrown.message;
}

try {
  await main();
  await endProcess(0);
} catch (thrown) {
  say(explain(thrown));
  await endProcess(1);
}
