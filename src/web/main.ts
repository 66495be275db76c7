import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createCore } from '#core/create-core.ts';
import { InterfaceFiles } from '#core/interface-files/interface-files.ts';
import { startDemoCluster } from '#simulator/demo-cluster.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { readWebOptions } from './options.ts';
import { createWebServer } from './web-server.ts';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Resolves when the operator or the system asks the program to end. */
function askedToEnd(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, resolve);
  });
}

async function main(): Promise<void> {
  const options = readWebOptions(process.argv.slice(2));
  const ending = askedToEnd();
  const core = await createCore({
    shell: 'web',
    version: packageJson.version,
    dataDir: options.dataDir,
    startDemo: startDemoCluster,
  });
  const files = new InterfaceFiles(fileURLToPath(new URL('../renderer', import.meta.url)));
  const token = randomBytes(32).toString('base64url');
  const server = createWebServer({ core, files, token });
  await server.listen({ host: '127.0.0.1', port: options.port });
  const { port } = server.server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${port}/#token=${token}\n`);
  say('The console answers at the address above, until this program is ended (Ctrl C).');
  await ending;
  await server.close();
  await core.close();
}

try {
  await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
