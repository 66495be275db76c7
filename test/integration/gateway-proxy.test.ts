import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeGateway } from '#core/gateway/probe.ts';
import { type Certificate, selfSignedCertificate } from '#simulator/certificates.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { gatewayFor, optionsFor } from '#test/fakes/gateway-setup.ts';
import { ProxyServer } from '#test/fakes/proxy-server.ts';
import { SocksServer } from '#test/fakes/socks-server.ts';

let certificate: Certificate;
let plain: Simulator;
let secure: Simulator;
let proxy: ProxyServer;
let guarded: ProxyServer;
let socks: SocksServer;
let guardedSocks: SocksServer;

beforeAll(async () => {
  certificate = await selfSignedCertificate();
  [plain, secure, proxy, guarded, socks, guardedSocks] = await Promise.all([
    startSimulator({ users: 3 }),
    startSimulator({ users: 3, tls: certificate }),
    ProxyServer.start(),
    ProxyServer.start('operator:open sesame'),
    SocksServer.start(),
    SocksServer.start('operator:open sesame'),
  ]);
});
afterAll(() =>
  Promise.all([plain, secure, proxy, guarded, socks, guardedSocks].map((server) => server.stop())),
);

async function usersThrough(
  simulator: Simulator,
  url: string,
  fingerprint256 = certificate.fingerprint256,
): Promise<number> {
  const gateway = gatewayFor(simulator, { proxy: url, tls: { fingerprint256 } });
  try {
    return (await gateway.listUsers()).length;
  } finally {
    await gateway.close();
  }
}

describe('a proxy', () => {
  it('is asked for a tunnel to https, in which the pin still holds', async () => {
    expect(await usersThrough(secure, proxy.url)).toBe(3);
    expect(proxy.seen.at(-1)).toBe(`CONNECT localhost:${secure.port}`);
    const other = certificate.fingerprint256.replace(/^../, (pair) =>
      pair === '00' ? '01' : '00',
    );
    await expect(usersThrough(secure, proxy.url, other)).rejects.toMatchObject({
      code: 'CERTIFICATE_PIN_MISMATCH',
    });
  });

  it('does not weaken the verification of a certificate', async () => {
    const gateway = gatewayFor(secure, { proxy: proxy.url });
    await expect(gateway.listUsers()).rejects.toMatchObject({
      code: 'CERTIFICATE_UNTRUSTED',
      details: { fingerprint256: certificate.fingerprint256 },
    });
    await gateway.close();
  });

  it('is handed plain http', async () => {
    expect(await usersThrough(plain, proxy.url)).toBe(3);
    expect(proxy.seen.at(-1)).toBe(`GET ${plain.url}/?ostor-users`);
  });

  it('gets no more connections than allowed', async () => {
    for (const simulator of [plain, secure]) {
      const counting = await ProxyServer.start();
      const { fingerprint256 } = certificate;
      const settings = { proxy: counting.url, maxConnections: 2, tls: { fingerprint256 } };
      const gateway = gatewayFor(simulator, settings);
      await Promise.all(Array.from({ length: 12 }, () => gateway.listUsers()));
      expect(counting.connections).toBeLessThanOrEqual(2);
      await gateway.close();
      await counting.stop();
    }
  });

  it('takes a user name and password, or says that it wants them', async () => {
    const url = guarded.url.replace('http://', 'http://operator:open%20sesame@');
    for (const simulator of [plain, secure]) {
      expect(await usersThrough(simulator, url)).toBe(3);
      await expect(usersThrough(simulator, url.replace('sesame', '100%'))).rejects.toMatchObject({
        code: 'PROXY_FAILED',
      });
      await expect(usersThrough(simulator, guarded.url)).rejects.toMatchObject({
        code: 'PROXY_FAILED',
        message: expect.stringContaining('user name and password'),
      });
    }
  });

  it('that cannot be reached is blamed itself', async () => {
    const gone = await ProxyServer.start();
    const { url } = gone;
    await gone.stop();
    for (const simulator of [plain, secure]) {
      await expect(usersThrough(simulator, url)).rejects.toMatchObject({ code: 'PROXY_FAILED' });
    }
  });

  it('that does not reach the gateway is blamed with its status', async () => {
    const stopped = await startSimulator({ users: 2, tls: certificate });
    await stopped.stop();
    await expect(usersThrough(stopped, proxy.url)).rejects.toMatchObject({
      code: 'PROXY_FAILED',
      message: expect.stringContaining('502'),
    });
  });

  it('whose address cannot be read is refused', () => {
    expect(() => gatewayFor(plain, { proxy: 'quic://127.0.0.1:1' })).toThrow(
      expect.objectContaining({ code: 'PROXY_FAILED' }),
    );
  });

  it('is part of the connection test', async () => {
    const { fingerprint256 } = certificate;
    const result = await probeGateway(
      optionsFor(secure, { proxy: proxy.url, tls: { fingerprint256 } }),
    );
    expect(result).toMatchObject({ ok: true });
    expect(result.steps[1]?.detail).toContain('proxy');
  });
});

describe('a SOCKS proxy', () => {
  it.each(['socks5', 'socks5h', 'socks4a'])(
    'carries https and plain http as %s',
    async (scheme) => {
      const version = scheme.startsWith('socks4') ? 4 : 5;
      for (const simulator of [plain, secure]) {
        expect(await usersThrough(simulator, `${scheme}://${socks.host}`)).toBe(3);
        const { hostname } = new URL(simulator.url);
        expect(socks.seen.at(-1)).toBe(`${version} ${hostname}:${simulator.port}`);
      }
    },
  );

  it('does not weaken the pin or the verification of a certificate', async () => {
    const url = `socks5://${socks.host}`;
    const other = certificate.fingerprint256.replace(/^../, (pair) =>
      pair === '00' ? '01' : '00',
    );
    await expect(usersThrough(secure, url, other)).rejects.toMatchObject({
      code: 'CERTIFICATE_PIN_MISMATCH',
    });
    const gateway = gatewayFor(secure, { proxy: url });
    await expect(gateway.listUsers()).rejects.toMatchObject({
      code: 'CERTIFICATE_UNTRUSTED',
      details: { fingerprint256: certificate.fingerprint256 },
    });
    await gateway.close();
  });

  it('takes a user name and password, or says that it wants them, and never tells them', async () => {
    const { host } = guardedSocks;
    expect(await usersThrough(secure, `socks5://operator:open%20sesame@${host}`)).toBe(3);
    for (const credentials of ['', 'operator:wrong-one@']) {
      const refused = await usersThrough(secure, `socks5://${credentials}${host}`).catch(
        (error: unknown) => error,
      );
      expect(refused).toMatchObject({
        code: 'PROXY_FAILED',
        message: expect.stringContaining('user name and password'),
      });
      expect(inspect(refused, { depth: null, showHidden: true })).not.toContain('wrong-one');
    }
  });

  it('is blamed where it is gone, does not reach the gateway, or is none', async () => {
    const gone = await SocksServer.start();
    const { host } = gone;
    await gone.stop();
    await expect(usersThrough(secure, `socks5://${host}`)).rejects.toMatchObject({
      code: 'PROXY_FAILED',
      message: 'The proxy cannot be reached.',
    });
    const stopped = await startSimulator({ users: 2, tls: certificate });
    await stopped.stop();
    await expect(usersThrough(stopped, `socks5://${socks.host}`)).rejects.toMatchObject({
      code: 'PROXY_FAILED',
      message: 'The proxy refused the connection to the gateway: connection refused.',
    });
    const { host: other } = new URL(proxy.url);
    await expect(usersThrough(secure, `socks5://${other}`)).rejects.toMatchObject({
      code: 'PROXY_FAILED',
    });
  });

  it('is named by the connection test', async () => {
    const { fingerprint256 } = certificate;
    const { ok, steps } = await probeGateway(
      optionsFor(secure, {
        proxy: `socks5://${socks.host}`,
        route: 'The proxy of this connection.',
        tls: { fingerprint256 },
      }),
    );
    expect(ok).toBe(true);
    expect(steps.find(({ name }) => name === 'connect')?.detail).toMatch(
      new RegExp(`^The proxy socks5://${socks.host} takes .* The proxy of this connection\\.$`),
    );
  });
});
