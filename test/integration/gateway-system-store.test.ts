import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, issueCertificate } from '#simulator/certificates.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { programPath } from '#test/program-path.ts';

const script = programPath(import.meta.url, '../fakes/list-users-process.ts');

// On Linux OpenSSL's store can be pointed elsewhere; where the store is the system's own, it cannot.
const storeVariable = process.platform === 'linux' ? 'SSL_CERT_FILE' : 'NODE_EXTRA_CA_CERTS';

let simulator: Simulator;
let directory: string;

beforeAll(async () => {
  const authority = await createAuthority();
  simulator = await startSimulator({ users: 3, tls: await issueCertificate(authority) });
  directory = await mkdtemp(join(tmpdir(), 'ostor-store-'));
  await writeFile(join(directory, 'ca.pem'), authority.certificate);
});
afterAll(async () => {
  await simulator.stop();
  await rm(directory, { recursive: true });
});

async function listUsers(env: Record<string, string>): Promise<string> {
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [script, JSON.stringify({ endpoint, accessKeyId, secretKey })],
    { env: { ...process.env, ...env } },
  );
  return stdout;
}

describe("the machine's own certificates", () => {
  it('decide whether a gateway is trusted', async () => {
    const ca = join(directory, 'ca.pem');
    expect(await Promise.all([listUsers({}), listUsers({ [storeVariable]: ca })])).toEqual([
      'CERTIFICATE_UNTRUSTED',
      '3',
    ]);
  });
});
