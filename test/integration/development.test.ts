import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect, it } from 'vitest';

const program = join(import.meta.dirname, '../../scripts/lib/serve-development.js');

async function printedAddress(output: Readable): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    if (line.startsWith('http://')) return line;
  }
  throw new Error('The program ended without an address.');
}

it('serves the interface from its sources, and its calls to its own page', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ostor-development-'));
  const child = spawn(process.execPath, [program, '--data-dir', directory], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  try {
    const { origin, hash } = new URL(await printedAddress(child.stdout));
    expect(await (await fetch(origin)).text()).toContain('/main.tsx');
    const opened = await fetch(`${origin}/session`, {
      method: 'POST',
      headers: { origin, 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ code: hash.replace('#code=', '') }),
    });
    const { token } = (await opened.json()) as { token: string };
    const answer = await fetch(`${origin}/rpc/app.info`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        origin,
        'sec-fetch-site': 'same-origin',
      },
      body: '{}',
    });
    expect(answer.status).toBe(200);
  } finally {
    child.kill('SIGTERM');
    await ended;
    await rm(directory, { recursive: true, force: true });
  }
});
