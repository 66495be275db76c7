import { expect, test } from 'vitest';
import {
  connectionRules,
  saveInput,
  valuesOf,
} from '#renderer/pages/connections/connection-values.ts';
import { contract } from '#shared/contract/index.ts';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';

const fingerprint256 = Array(32).fill('AB').join(':');

test('a connection survives the form unchanged, and its stored secret stays', () => {
  const connection = fakeConnection({
    tls: { fingerprint256 },
    proxy: { mode: 'manual', url: 'http://proxy:3128', username: 'op', hasPassword: true },
    region: 'eu',
    signature: 'v4',
    timeoutSeconds: 90,
  });
  const input = saveInput(valuesOf(connection), connection.id);
  expect(input).not.toHaveProperty('secretKey');
  expect(contract['connections.save'].input.parse(input)).toEqual({
    id: 'rack-7',
    name: connection.name,
    endpoint: connection.endpoint,
    accessKeyId: connection.accessKeyId,
    environment: 'lab',
    readOnly: false,
    signature: 'v4',
    region: 'eu',
    tls: { fingerprint256 },
    proxy: { mode: 'manual', url: 'http://proxy:3128', username: 'op' },
    maxConnections: 8,
    timeoutSeconds: 90,
  });
});

test('trusts one thing at a time', () => {
  const values = { ...valuesOf(null), trust: 'ca' as const, ca: ' pem ', fingerprint256 };
  expect(saveInput(values, null).tls).toEqual({ ca: 'pem' });
  expect(saveInput({ ...values, trust: 'system' }, null)).not.toHaveProperty('tls');
});

test.each([
  ['https://s3.example.com', null],
  ['s3.example.com:8443', null],
  ['http://[::1]:9000', null],
  ['', 'Enter the address of the gateway'],
  ['ftp://s3.example.com', 'Enter an address such as https://s3.example.com'],
  ['https://', 'Enter an address such as https://s3.example.com'],
])('judges the endpoint %s', (endpoint, complaint) => {
  expect(connectionRules(true).endpoint(endpoint)).toBe(complaint);
});

test('asks for the secret key of a new connection only', () => {
  expect(connectionRules(false).secretKey('', valuesOf(null))).toMatch(/secret key/);
  expect(connectionRules(true).secretKey('', valuesOf(null))).toBeNull();
});

test('judges fingerprint, certificate and proxy only where they are used', () => {
  const rules = connectionRules(true);
  const values = valuesOf(null);
  expect(rules.fingerprint256('xyz', values)).toBeNull();
  expect(rules.fingerprint256('xyz', { ...values, trust: 'pin' })).toMatch(/64 hexadecimal digits/);
  expect(rules.fingerprint256(fingerprint256, { ...values, trust: 'pin' })).toBeNull();
  expect(rules.ca('junk', { ...values, trust: 'ca' })).toMatch(/PEM/);
  expect(rules.proxyUrl('socks5://proxy:1080', { ...values, proxyMode: 'manual' })).toBeNull();
  expect(rules.proxyUsername('', { ...values, proxyMode: 'manual', proxyPassword: 'pw' })).toMatch(
    /user name/,
  );
  expect(rules.proxyUrl('ftp://proxy:3128', { ...values, proxyMode: 'manual' })).toMatch(/URL/);
});
