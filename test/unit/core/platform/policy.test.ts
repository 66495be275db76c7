import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyPath, readPolicy } from '#core/platform/policy.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostor-console-policy-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(content: unknown, name = 'policy.json'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  await chmod(path, 0o644);
  return path;
}

const missing = '/nonexistent/policy.json';
const connection = {
  id: 'rack-7',
  name: 'Rack 7',
  endpoint: 'https://s3.example.com',
  accessKeyId: 'AKIA7',
  environment: 'production',
};

describe("the administrator's policy", () => {
  it('is looked for where users can not write', () => {
    expect(['linux', 'darwin', 'win32'].map((name) => policyPath(name as NodeJS.Platform))).toEqual(
      [
        '/etc/ostor-console/policy.json',
        '/Library/Application Support/Ostor Console/policy.json',
        'C:\\ProgramData\\Ostor Console\\policy.json',
      ],
    );
  });

  it('may be missing, and is read with what it sets', async () => {
    expect(await readPolicy({ system: missing, trial: undefined })).toBeNull();
    const system = await fileOf({
      version: 1,
      organization: 'Example Hosting',
      connections: [connection],
      settings: { plainHttp: 'forbidden', updateFeed: null, idleMinutes: 30 },
    });
    expect(await readPolicy({ system })).toMatchObject({
      path: system,
      organization: 'Example Hosting',
      settings: { plainHttp: 'forbidden', updateFeed: null, idleMinutes: 30 },
      connections: [
        {
          connection: { id: 'rack-7', signature: 'auto' },
          fields: ['id', 'name', 'endpoint', 'accessKeyId', 'environment'],
        },
      ],
    });
  });

  it.each([
    ['not JSON', '{', 'it is not JSON'],
    ['of another version', { version: 2 }, 'version'],
    [
      'with a misspelt setting',
      { version: 1, settings: { plainHtpp: 'forbidden' } },
      'settings.plainHtpp: no such setting',
    ],
    [
      'with a setting of another value',
      { version: 1, settings: { plainHttp: true } },
      'settings.plainHttp',
    ],
    [
      'with a secret',
      { version: 1, connections: [{ ...connection, secretKey: 'x' }] },
      'connections[0].secretKey: no such setting',
    ],
    [
      'with a connection that lacks a field',
      { version: 1, connections: [{ id: 'a' }] },
      'connections[0].name',
    ],
    [
      'with two connections of one id',
      { version: 1, connections: [connection, connection] },
      'two have the id',
    ],
    [
      'with a feed over plain http',
      { version: 1, settings: { updateFeed: 'http://updates.example.com/' } },
      'settings.updateFeed',
    ],
    [
      'with a password in the feed',
      { version: 1, settings: { updateFeed: 'https://u:p@updates.example.com/' } },
      'settings.updateFeed',
    ],
  ])('is refused when it is %s', async (_what, content, reason) => {
    const refused = readPolicy({ system: await fileOf(content) });
    await expect(refused).rejects.toMatchObject({ code: 'POLICY_INVALID' });
    await expect(refused).rejects.toThrow(reason);
  });

  it('is refused when it can be changed by others, or not be read', async () => {
    const open = await fileOf({ version: 1 }, 'open.json');
    await chmod(open, 0o666);
    await expect(readPolicy({ system: open })).rejects.toThrow('other users may write to it');
    await expect(readPolicy({ system: folder })).rejects.toMatchObject({ code: 'POLICY_INVALID' });
  });

  it('is tried from a file of one’s own only where the system has none', async () => {
    const system = await fileOf({ version: 1, organization: 'System' }, 'system.json');
    const trial = await fileOf({ version: 1, organization: 'Trial' }, 'trial.json');
    expect(await readPolicy({ system, trial })).toMatchObject({ organization: 'System' });
    expect(await readPolicy({ system: missing, trial })).toMatchObject({ organization: 'Trial' });
    await expect(readPolicy({ system: missing, trial: missing })).rejects.toThrow('missing');
  });
});
