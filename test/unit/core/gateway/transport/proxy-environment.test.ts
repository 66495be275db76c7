import { describe, expect, it } from 'vitest';
import { routeFromEnvironment } from '#core/gateway/transport/proxy-environment.ts';

describe('routeFromEnvironment', () => {
  const both = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'http://plain:2' };

  it.each([
    ['https://s3.example.com', both, 'http://secure:1', 'HTTPS_PROXY'],
    ['http://s3.example.com', both, 'http://plain:2', 'HTTP_PROXY'],
    ['https://s3.example.com', { https_proxy: 'http://lower:3' }, 'http://lower:3', 'https_proxy'],
    ['https://s3.example.com', { ALL_PROXY: 'http://all:4' }, 'http://all:4', 'ALL_PROXY'],
    ['https://s3.example.com', { HTTPS_PROXY: 'bare:5' }, 'http://bare:5', 'HTTPS_PROXY'],
    ['https://s3.example.com', { HTTPS_PROXY: '' }, null, 'neither HTTPS_PROXY nor ALL_PROXY'],
    ['https://s3.example.com', { ALL_PROXY: 'socks5://s:6' }, 'socks5://s:6', 'ALL_PROXY'],
    ['https://s3.example.com', { ALL_PROXY: 'socks5h://s:6' }, 'socks5h://s:6', 'ALL_PROXY'],
    ['https://s3.example.com', {}, null, 'neither'],
  ])('for %s with %j', (url, environment, proxy, why) => {
    const route = routeFromEnvironment(url, environment);
    expect(route.proxy).toBe(proxy);
    expect(route.why).toContain(why);
  });

  it('names a variable with a proxy it cannot use, without its password', () => {
    const environment = { ALL_PROXY: 'quic://op:secret@proxy:1' };
    expect(() => routeFromEnvironment('https://s3.example.com', environment)).toThrow(
      expect.objectContaining({
        code: 'PROXY_FAILED',
        message: "The variable ALL_PROXY names a proxy that the console can't use: quic://proxy:1.",
      }),
    );
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
    ['https://10.20.30.40', '10.0.0.0/8', true],
    ['https://11.20.30.40', '10.0.0.0/8', false],
    ['https://192.168.1.7', 'localhost,192.168.0.0/16', true],
    ['https://[fd00::7]', 'fd00::/8', true],
    ['https://[fe80::7]', 'fd00::/8', false],
    ['https://10.20.30.40', 'fd00::/8', false],
    ['https://s3.example.com', '10.0.0.0/8', false],
    ['https://10.20.30.40', '10.0.0.0/99', false],
    ['https://s3.example.com', '', false],
  ])('%s with NO_PROXY=%s', (url, list, exempt) => {
    const { proxy, why } = routeFromEnvironment(url, { ...both, NO_PROXY: list });
    expect(proxy === null).toBe(exempt);
    if (exempt) expect(why).toContain('NO_PROXY');
  });
});
