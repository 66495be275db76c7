import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readCertificates } from '#core/gateway/transport/read-certificates.ts';

const folder = new URL('../../../../fixtures/certificates/', import.meta.url);
const file = (name: string): Promise<Buffer> => readFile(new URL(name, folder));
const one = 'O=Example Storage, CN=Example authority one';
const two = 'O=Example Storage, CN=Example authority two';

async function subjectsOf(content: Uint8Array): Promise<string[]> {
  const { pem, certificates } = await readCertificates(content);
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n/g) ?? [];
  expect(blocks.join('')).toBe(pem);
  const shown = certificates.map(({ fingerprint256 }) => fingerprint256);
  expect(blocks.map((block) => new X509Certificate(block).fingerprint256)).toEqual(shown);
  return certificates.map(({ subject }) => subject);
}

describe('readCertificates', () => {
  it.each([
    ['authority-one.pem', [one]],
    ['authority-one.cer', [one]],
    ['chain.p7b', [one, two]],
    ['chain-der.p7b', [one, two]],
  ])('reads %s', async (name, subjects) => {
    expect((await subjectsOf(await file(name))).sort()).toEqual(subjects);
  });

  it('reads a bundle with words between, line ends of Windows, and one certificate twice', async () => {
    const [first, second] = [await file('authority-one.pem'), await file('authority-two.pem')];
    const text = `# our own\n${first}\nsubject=CN\n${second}\n${first}`.replaceAll('\n', '\r\n');
    expect(await subjectsOf(Buffer.from(text))).toEqual([one, two]);
  });

  it('reads a bundle of 3,000 certificates', async () => {
    const bundle = `${await file('authority-one.pem')}\n`.repeat(3_000);
    expect(await subjectsOf(Buffer.from(bundle))).toEqual([one]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('no certificate')],
    ['a key', Buffer.from('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n')],
    [
      'a broken certificate',
      Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
    ],
    ['a broken PKCS #7', Buffer.from('-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----')],
    ['a broken DER', Buffer.from([0x30, 0x82, 0x01, 0x00, 0x02])],
  ])('refuses %s', async (_what, content) => {
    await expect(readCertificates(content)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
