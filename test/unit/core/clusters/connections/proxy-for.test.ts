import { describe, expect, it } from 'vitest';
import { proxyFor, proxyFromEnvironment } from '#core/clusters/connections/proxy-for.ts';

const endpoint = 'https://s3.example.com:9000';

describe('proxyFor', () => {
  const system = async (url: string): Promise<string> => `http://proxy-for/${url}`;

  it('asks the system where nothing else is chosen', async () => {
    const asked = `http://proxy-for/${endpoint}`;
    expect(await proxyFor({ endpoint }, system)).toBe(asked);
    expect(await proxyFor({ endpoint, proxy: { mode: 'system' } }, system)).toBe(asked);
  });

  it('takes none, or its own, where that is chosen', async () => {
    expect(await proxyFor({ endpoint, proxy: { mode: 'direct' } }, system)).toBeNull();
    const own = { mode: 'manual' as const, url: 'http://own:3128' };
    expect(await proxyFor({ endpoint, proxy: own }, system)).toBe('http://own:3128');
  });
});

describe('proxyFromEnvironment', () => {
  const both = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'http://plain:2' };

  it.each([
    ['https://s3.example.com', both, 'http://secure:1'],
    ['http://s3.example.com', both, 'http://plain:2'],
    ['https://s3.example.com', { https_proxy: 'http://lower:3' }, 'http://lower:3'],
    ['https://s3.example.com', { ALL_PROXY: 'http://all:4' }, 'http://all:4'],
    ['https://s3.example.com', { HTTPS_PROXY: 'bare:5' }, 'http://bare:5'],
    ['https://s3.example.com', { HTTPS_PROXY: '' }, null],
    ['https://s3.example.com', { ALL_PROXY: 'socks5://socks:6' }, null],
    ['https://s3.example.com', {}, null],
  ])('for %s with %j', (url, environment, proxy) => {
    expect(proxyFromEnvironment(url, environment)).toBe(proxy);
  });

  it.each([
    ['https://s3.example.com', 's3.example.com', true],
    ['https://s3.example.com', 'example.com', true],
    ['https://s3.example.com', '.example.com', true],
    ['https://s3.example.com', '*.example.com', true],
    ['https://s3.example.com', 'S3.EXAMPLE.COM', true],
    ['https://s3.example.com', 'a.org, example.com', true],
    ['https://s3.example.com', '*', true],
    ['https://s3.example.com', 'ample.com', false],
    ['https://s3.example.com:9000', 'example.com:9000', true],
    ['https://s3.example.com:9000', 'example.com:9001', false],
    ['https://s3.example.com', 'example.com:443', true],
    ['http://127.0.0.1:8080', '127.0.0.1', true],
    ['http://[::1]:8080', '::1', true],
    ['http://[::1]:8080', '[::1]:8080', true],
    ['http://[::1]:8080', '[::1]:8081', false],
    ['https://s3.example.com', '', false],
  ])('%s with NO_PROXY=%s', (url, list, exempt) => {
    const environment = { ...both, NO_PROXY: list };
    expect(proxyFromEnvironment(url, environment) === null).toBe(exempt);
  });
});
