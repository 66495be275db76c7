import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { ProxyServer } from '#test/fakes/proxy-server.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let proxy: ProxyServer;
let subject: TestConsole;

beforeAll(async () => {
  simulator = await startSimulator({ users: 3, usage: 4 });
  proxy = await ProxyServer.start('op:a-proxy-password');
  subject = await TestConsole.start();
});
afterAll(async () => {
  await subject.end();
  await Promise.all([simulator.stop(), proxy.stop()]);
});

/** The files of a zip, by name. */
function unzipped(zip: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  for (let at = zip.indexOf('PK\u0001\u0002', 0, 'latin1'); at >= 0; ) {
    const [length, name, local] = [20, 28, 42].map((from) =>
      from === 28 ? zip.readUInt16LE(at + from) : zip.readUInt32LE(at + from),
    ) as [number, number, number];
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = inflateRawSync(zip.subarray(start, start + length)).toString('utf8');
    files.set(zip.toString('utf8', at + 46, at + 46 + name), content);
    at = zip.indexOf('PK\u0001\u0002', at + 46, 'latin1');
  }
  return files;
}

it('a field pack holds what support needs, and no secret of the session', async () => {
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const { id } = await subject.call('connections.save', {
    name: 'Rack 7',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
    proxy: { mode: 'manual', url: proxy.url, username: 'op', password: 'a-proxy-password' },
  });
  const wrong = 'a secret that was only tried';
  await subject.call('connections.test', {
    entered: { name: 'x', endpoint, accessKeyId, secretKey: wrong, environment: 'lab' },
  });
  await subject.call('sync.refresh', { connectionId: id });
  const user = [...simulator.state.users.byId.values()].find(({ system }) => !system);
  const generated = await subject.call('keys.generate', {
    connectionId: id,
    userId: String(user?.id),
  });
  const secrets = [secretKey, wrong, 'a-proxy-password', String(generated.secretAccessKey)];
  for (const { keys } of simulator.state.users.byId.values()) {
    for (const key of keys) secrets.push(String(simulator.state.users.secretOf(key)));
  }
  // a log of an older console may hold what today's would not
  const log = join(subject.dataDir, 'log', 'console.log');
  await appendFile(log, `{"msg":"sent AWS ${accessKeyId}:c2lnbmF0dXJl with ${secretKey}"}\n`);

  const file = await subject.call('connections.fieldPack', { id });
  expect(file.fileName).toMatch(/^field-pack-Rack-7-.*\.zip$/);
  const files = unzipped(Buffer.from(file.base64, 'base64'));
  expect([...files.keys()].sort()).toEqual([
    'README.txt',
    'archive.json',
    'connection.json',
    'coverage.json',
    'journal.json',
    'log/console.log',
    'notices.json',
    'test.txt',
    'versions.json',
  ]);
  const all = [...files.values()].join('\n');
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret), btoa(secret)]) {
      expect(all).not.toContain(form);
    }
  }
  expect(all).not.toContain('c2lnbmF0dXJl');
  expect(await readFile(log, 'utf8')).toContain(secretKey);
  expect(files.get('test.txt')).toMatch(/^\S+: passed\n[\s\S]*statistics: passed \(\d+ ms\)/);
  expect(JSON.parse(String(files.get('connection.json')))).toMatchObject({ id, endpoint });
  expect(JSON.parse(String(files.get('journal.json')))).toMatchObject({
    verified: { ok: true },
    last: [{ operation: 'keys.generate', result: 'verified' }],
  });
  expect(JSON.parse(String(files.get('coverage.json')))).toHaveProperty('summary');
  expect(JSON.parse(String(files.get('versions.json')))).toMatchObject({ console: 'test' });
});

it('a part that can’t be read says why, and the others are there', async () => {
  const { id } = await subject.call('connections.save', {
    name: 'Rack 8',
    endpoint: 'https://127.0.0.1:1',
    accessKeyId: 'AKIDEXAMPLE',
    environment: 'lab',
  });
  const { base64 } = await subject.call('connections.fieldPack', { id });
  const files = unzipped(Buffer.from(base64, 'base64'));
  expect(files.get('test.txt')).toContain('signature: failed');
  expect(files.size).toBe(9);
});
