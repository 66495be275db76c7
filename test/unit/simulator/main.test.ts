import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const main = resolve(import.meta.dirname, '../../../src/simulator/main.ts');

describe('the simulator alone', () => {
  it('prints one line of JSON, answers, and ends on SIGTERM', async () => {
    const child = spawn(process.execPath, [main, '--users', '3', '--buckets', '2'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await once(child.stdout, 'data');
    const { url, ...pair } = JSON.parse(output) as Record<string, string>;
    expect(pair).toEqual({
      accessKeyId: expect.stringMatching(/^[0-9a-f]{16}[A-Z0-9]{4}$/),
      secretKey: expect.stringMatching(/^\S{40}$/),
    });
    expect((await fetch(`${url}/?ostor-users`)).status).toBe(403);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(output.trim().split('\n')).toHaveLength(1);
  });

  it('starts a WHMCS next to itself and prints how to reach it', async () => {
    const args = [main, '--users', '3', '--buckets', '2', '--whmcs', '--whmcs-numbers', 'string'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { whmcs } = JSON.parse(line.toString()) as { whmcs: Record<string, string> };
    const { url, identifier = '', secret = '' } = whmcs;
    const body = new URLSearchParams({ action: 'GetClients', identifier, secret });
    const answer = await fetch(`${url}/includes/api.php`, { method: 'POST', body });
    // more clients than the gateway has users: some can be onboarded
    expect(await answer.json()).toMatchObject({ result: 'success', totalresults: '22' });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('answers for the WHMCS over https too, with the certificate that it prints', async () => {
    const args = [main, '--users', '3', '--buckets', '2', '--whmcs', '--tls', 'authority'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { whmcs, ca } = JSON.parse(line.toString()) as { whmcs: { url: string }; ca: string };
    const asked = request(`${whmcs.url}/includes/api.php`, { method: 'POST', ca });
    asked.end('action=GetClients');
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect([whmcs.url.slice(0, 18), answer.statusCode]).toEqual(['https://localhost:', 403]);
    answer.resume();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('ends where it can’t stage what was asked', async () => {
    const args = [main, '--users', '3', '--buckets', '2', '--stage', 'silent-gateway'];
    const child = spawn(process.execPath, args, { stdio: 'pipe' });
    const [reason] = (await once(child.stderr, 'data')) as [Buffer];
    expect(reason.toString()).toMatch(/^This stage needs statistics/);
    expect(await once(child, 'exit')).toEqual([1, null]);
  });

  it('says in one line what it cannot understand', async () => {
    const child = spawn(process.execPath, [main, '--users', 'many'], { stdio: 'pipe' });
    const [errors] = await Promise.all([child.stderr.toArray(), once(child, 'exit')]);
    expect(Buffer.concat(errors).toString()).toBe('users is not a number: many\n');
    expect(child.exitCode).toBe(1);
  });
});
