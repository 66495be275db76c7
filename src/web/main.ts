import { fileURLToPath } from 'node:url';
import type { Core, CoreOptions } from '#core/core.ts';
import { createCore } from '#core/create-core.ts';
import { endIfLate, endInAnyCase, endProcess } from '#core/end-process.ts';
import { closeInOrder } from '#core/platform/close-in-order.ts';
import { StaticAssets } from '#core/platform/files/static-assets.ts';
import { AppError } from '#shared/errors.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { listen, writeTokenFile } from './listen.ts';
import { readWebOptions, type WebOptions } from './options.ts';
import { secureDeserted } from './secure-deserted.ts';
import { Sessions } from './sessions.ts';
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

const howToOpen =
  process.platform === 'win32'
    ? 'Press Enter in the window of the console for a new address.'
    : `Get a new address: run "kill -USR2 ${process.pid}" on the console's machine, or press Enter in its terminal.`;

/** Prints another address when the operator asks: to standard error, as its output is one line. */
function offerCodes(print: () => void): void {
  if (process.platform !== 'win32') process.on('SIGUSR2', print);
  if (process.stdin.isTTY) process.stdin.on('data', print).unref();
}

function explainStart({ socket }: WebOptions, port: number): void {
  if (socket !== null) {
    say(`Listening on ${socket}. From your machine: ssh -N -L ${port}:${socket} HOST`);
  }
  say('Open the address above within 60 s; it works once. The console runs until Ctrl C.');
  say(howToOpen);
}

async function serve(core: Core, options: WebOptions): Promise<void> {
  const ending = askedToEnd();
  const files = new StaticAssets(fileURLToPath(new URL('../renderer', import.meta.url)));
  const idleMinutes = Math.min(options.idleMinutes, core.policy?.settings.idleMinutes ?? Infinity);
  if (core.policy && idleMinutes < options.idleMinutes) {
    say(`An unused browser is signed out after ${idleMinutes} min, as ${core.policy.path} says.`);
  }
  const sessions = new Sessions({
    idleMilliseconds: idleMinutes * 60_000,
    browsers: options.browsers,
    howToOpen,
    onTakenOver: () =>
      say('The console was opened in another browser; the earlier one is signed out.'),
    onDeserted: () => secureDeserted(core, () => sessions.isDeserted),
  });
  const server = createWebServer({ core, files, sessions });
  const port = await listen(server, options);
  const address = (): string => `http://127.0.0.1:${port}/#code=${sessions.issueCode()}`;
  const { tokenFile } = options;
  const removeToken = tokenFile && writeTokenFile(tokenFile, sessions.issueScriptToken());
  offerCodes(() => say(address()));
  process.stdout.write(`${address()}\n`);
  explainStart(options, port);
  try {
    await ending;
  } finally {
    if (removeToken) removeToken();
  }
  // What callers still wait for ends with core; they need not hold up its closing.
  const closed = closeInOrder({ whole: 1_000, each: 1_000 }, { server: () => server.close() });
  await closed().catch(() => undefined);
}

/** The demo is loaded when it is needed: a console with saved connections never does. */
const startDemo: NonNullable<CoreOptions['startDemo']> = async () =>
  (await import('#simulator/demo-cluster.ts')).startDemoCluster();

async function main(): Promise<void> {
  // What is written from here on, sockets too, is for the operator alone.
  process.umask(0o077);
  const options = readWebOptions(process.argv.slice(2));
  const core = await createCore({
    shell: 'web',
    version: packageJson.version,
    dataDir: options.dataDir,
    ...(options.demo && { startDemo }),
  });
  try {
    await serve(core, options);
  } finally {
    await core.close().catch(endIfLate);
  }
}

function explain(thrown: unknown): string {
  if (thrown instanceof AppError) return `${thrown.message} ${thrown.hint}`;
  if (!(thrown instanceof Error)) return String(thrown);
  const isTaken = 'code' in thrown && thrown.code === 'EADDRINUSE';
  return isTaken ? `${thrown.message}. Use another --port, or 0 for a free one.` : thrown.message;
}

try {
  await main();
  await endProcess(0);
} catch (thrown) {
  say(explain(thrown));
  await endProcess(1);
}
