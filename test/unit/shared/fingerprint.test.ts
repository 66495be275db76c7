import { expect, it } from 'vitest';
import { tlsTrust } from '#shared/contract/connections.ts';
import { readFingerprint } from '#shared/plain-text.ts';

const pairs = Array.from({ length: 32 }, (_, index) => (0xa0 + index).toString(16).toUpperCase());
const meant = pairs.join(':');

it.each([
  ['openssl', meant],
  ['Chrome', pairs.join('').toLowerCase()],
  ['certmgr', `\u200e${pairs.join(' ').toLowerCase()}`],
  ["openssl's whole line", `sha256 Fingerprint=${meant}`],
  ["an older openssl's whole line", `SHA256 Fingerprint=${meant}\r\n`],
  ['a label', `SHA-256: ${meant}`],
  ['a script', `${meant}\n`],
])('a fingerprint as %s prints it is read, by form and core alike', (_who, text) => {
  expect(readFingerprint(text)).toBe(meant);
  expect(tlsTrust.parse({ fingerprint256: text })).toEqual({ fingerprint256: meant });
});

it.each([
  meant.slice(3),
  `${meant}:00`,
  `${'a'.repeat(40)}`,
  '',
  'sha1 Fingerprint=AB',
  `x${meant}`,
])('%j is no SHA-256 fingerprint', (text) => {
  expect(readFingerprint(text)).toBeNull();
  expect(tlsTrust.safeParse({ fingerprint256: text }).success).toBe(false);
});
