import { X509Certificate } from 'node:crypto';
import { AppError } from '#shared/errors.ts';
import { type CertificateFacts, certificateFacts } from './tls.ts';

/** Certificates out of a file, in the one form that is stored. */
interface ReadCertificates {
  /** All of them in PEM, one after the other. */
  pem: string;
  certificates: CertificateFacts[];
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;

/**
 * Reads certificates as authorities hand them out: PEM with one or many, whatever else is between;
 * DER (`.cer`); PKCS #7 (`.p7b`) in either form.
 * @throws AppError `INPUT_INVALID` where one of them, or all, can't be read
 */
export async function readCertificates(content: Uint8Array): Promise<ReadCertificates> {
  const found = (await derOf(content)).map(readOne);
  // a bundle that was put together by hand often holds one twice
  const certificates = [...new Map(found.map((one) => [one.fingerprint256, one])).values()];
  if (certificates.length === 0) throw unreadable();
  return {
    pem: certificates.map((one) => one.toString()).join(''),
    certificates: certificates.map(certificateFacts),
  };
}

async function derOf(content: Uint8Array): Promise<Uint8Array[]> {
  const blocks = [...Buffer.from(content).toString('latin1').matchAll(block)];
  if (blocks.length > 0) return (await Promise.all(blocks.map(derOfBlock))).flat();
  // DER begins with a sequence; its second element tells a certificate from PKCS #7
  if (content[0] !== 0x30) throw unreadable();
  return isCertificate(content) ? [content] : fromPkcs7(content);
}

async function derOfBlock([, kind = '', body = '']: RegExpMatchArray): Promise<Uint8Array[]> {
  const der = Buffer.from(body, 'base64');
  if (kind === 'PKCS7' || kind === 'CMS') return fromPkcs7(der);
  return kind === 'CERTIFICATE' || kind === 'X509 CERTIFICATE' ? [der] : [];
}

function isCertificate(der: Uint8Array): boolean {
  try {
    return new X509Certificate(der).raw.length > 0;
  } catch {
    return false;
  }
}

async function fromPkcs7(der: Uint8Array): Promise<Uint8Array[]> {
  // loaded where it is asked for only: hardly a site hands out PKCS #7
  const { Certificate, ContentInfo, SignedData } = await import('pkijs');
  try {
    const { content } = ContentInfo.fromBER(new Uint8Array(der));
    const { certificates = [] } = new SignedData({ schema: content });
    return certificates
      .filter((one) => one instanceof Certificate)
      .map((one) => new Uint8Array(one.toSchema(true).toBER()));
  } catch (cause) {
    throw unreadable(cause);
  }
}

function readOne(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): AppError {
  return new AppError({
    code: 'INPUT_INVALID',
    message: 'No certificate can be read of this certificate authority.',
    hint: 'Give it in PEM (from BEGIN CERTIFICATE to END CERTIFICATE), DER (.cer, .crt) or PKCS #7 (.p7b).',
    cause,
  });
}
