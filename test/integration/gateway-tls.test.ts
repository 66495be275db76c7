import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeGateway } from '#core/gateway/probe.ts';
import type { TlsTrust } from '#core/gateway/transport/tls.ts';
import { type Certificate, createAuthority, issueCertificate } from '#simulator/certificates.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { gatewayFor, optionsFor } from '#test/fakes/gateway-setup.ts';
import { type ServerCertificates, serverCertificates } from '#test/fakes/server-certificates.ts';

let authority: Certificate;
let certificates: ServerCertificates;
let simulators: Record<keyof typeof certificates, Simulator>;

const names = ['signed', 'other', 'self', 'expired', 'elsewhere'] as const;

beforeAll(async () => {
  authority = await createAuthority();
  certificates = await serverCertificates(authority);
  const started = await Promise.all(
    names.map(
      async (name) => [name, await startSimulator({ users: 2, tls: certificates[name] })] as const,
    ),
  );
  simulators = Object.fromEntries(started) as typeof simulators;
});
afterAll(() => Promise.all(Object.values(simulators).map((simulator) => simulator.stop())));

async function listWith(name: keyof typeof certificates, tls: TlsTrust): Promise<number> {
  const gateway = gatewayFor(simulators[name], { tls });
  try {
    return (await gateway.listUsers()).length;
  } finally {
    await gateway.close();
  }
}

describe('a certificate', () => {
  it('of a given authority is trusted', async () => {
    expect(await listWith('signed', { ca: authority.certificate })).toBe(2);
  });

  it.each([
    ['signed', 'no authority is given', {}, /authority/],
    ['self', 'nothing is given', {}, /self-signed/],
    ['other', 'another authority is given', 'authority', /authority/],
    ['expired', 'it has expired', 'authority', /expired/],
    ['elsewhere', 'it is for another host', 'authority', /another host name/],
  ] as const)('(%s) is refused where %s, and shown', async (name, _why, trust, reason) => {
    simulators[name].log.clear();
    const tls = trust === 'authority' ? { ca: authority.certificate } : trust;
    await expect(listWith(name, tls)).rejects.toMatchObject({
      code: 'CERTIFICATE_UNTRUSTED',
      message: expect.stringMatching(reason),
      details: {
        fingerprint256: certificates[name].fingerprint256,
        subject: expect.stringContaining('CN='),
        issuer: expect.stringContaining('CN='),
        validFrom: expect.stringMatching(/Z$/),
        validTo: expect.stringMatching(/Z$/),
        selfSigned: name === 'self',
        mayHaveActed: false,
      },
    });
    expect(simulators[name].log.entries).toEqual([]);
  });

  it.each(['self', 'other', 'expired', 'elsewhere'] as const)(
    '(%s) that is pinned is accepted, in any case of the fingerprint',
    async (name) => {
      const { fingerprint256 } = certificates[name];
      expect(await listWith(name, { fingerprint256 })).toBe(2);
      expect(await listWith(name, { fingerprint256: fingerprint256.toLowerCase() })).toBe(2);
    },
  );

  it('that is not the pinned one is refused before a byte is sent, even of a trusted authority', async () => {
    simulators.signed.log.clear();
    const { fingerprint256 } = certificates.self;
    await expect(
      listWith('signed', { fingerprint256, ca: authority.certificate }),
    ).rejects.toMatchObject({
      code: 'CERTIFICATE_PIN_MISMATCH',
      details: { fingerprint256: certificates.signed.fingerprint256 },
    });
    expect(simulators.signed.log.entries).toEqual([]);
  });

  it('is compared on every connection, not only on the first', async () => {
    const { fingerprint256 } = certificates.self;
    const gateway = gatewayFor(simulators.self, { tls: { fingerprint256 }, maxConnections: 8 });
    const lists = await Promise.all(Array.from({ length: 16 }, () => gateway.listUsers()));
    expect(lists).toHaveLength(16);
    await gateway.close();
  });

  it('authority that cannot be read is refused as input', () => {
    const ca = '-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----';
    expect(() => gatewayFor(simulators.self, { tls: { ca } })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });

  it('that expires within thirty days is reported by the connection test', async () => {
    const day = 86_400_000;
    const [soon, later] = await Promise.all(
      [10.5, 31].map(async (days) => {
        const tls = await issueCertificate(authority, {
          validTo: new Date(Date.now() + days * day),
        });
        const simulator = await startSimulator({ users: 2, tls });
        const options = optionsFor(simulator, { tls: { ca: authority.certificate } });
        const { steps } = await probeGateway(options);
        await simulator.stop();
        return steps.find(({ name }) => name === 'certificate');
      }),
    );
    expect(soon).toMatchObject({
      state: 'caution',
      detail: expect.stringContaining('It expires in 10 days.'),
      hint: 'Have it renewed.',
    });
    expect(later).toMatchObject({ state: 'passed' });
  });
});
