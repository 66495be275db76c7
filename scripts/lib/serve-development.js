// Serves the interface from its sources with a web shell behind it. Runs on Node 24, after set-up.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import react from '@vitejs/plugin-react';
import { createServer } from 'vite';
import { inRoot } from './paths.js';

const shell = spawn(
  process.execPath,
  [inRoot('src', 'web', 'main.ts'), '--port', '0', ...process.argv.slice(2)],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => shell.kill(signal));
shell.once('exit', (code) => process.exit(code ?? 1));

createInterface({ input: shell.stdout }).once('line', async (line) => {
  const { origin, hash } = new URL(line);
  // the shell answers its own page alone: it has to see the host that the page names as its origin
  const behind = { target: origin, changeOrigin: false };
  const server = await createServer({
    configFile: false,
    root: inRoot('src', 'renderer'),
    plugins: [react()],
    server: { host: '127.0.0.1', proxy: { '/rpc': behind, '/events': behind, '/session': behind } },
  });
  await server.listen();
  const { port } = server.httpServer.address();
  process.stdout.write(`http://127.0.0.1:${port}/${hash}\n`);
});
