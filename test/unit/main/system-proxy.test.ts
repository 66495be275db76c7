import { describe, expect, it } from 'vitest';
import { parseProxyAnswer, systemProxy } from '../../../src/main/system-proxy.ts';

describe('parseProxyAnswer', () => {
  it.each([
    ['DIRECT', null],
    ['PROXY proxy.example:3128', 'http://proxy.example:3128'],
    ['PROXY proxy.example:3128; DIRECT', 'http://proxy.example:3128'],
    ['HTTPS proxy.example:443;PROXY other:1', 'https://proxy.example:443'],
    ['SOCKS5 proxy.example:1080; PROXY other.example:3128', 'socks5://proxy.example:1080'],
    ['SOCKS proxy.example:1080', 'socks4://proxy.example:1080'],
    ['QUIC proxy.example:443; PROXY other.example:3128', 'http://other.example:3128'],
    ['QUIC proxy.example:443; DIRECT', null],
    ['DIRECT; PROXY other.example:3128', null],
    ['', null],
  ])('%s', (answer, url) => {
    expect(parseProxyAnswer(answer)).toBe(url);
  });

  it('names proxies of none but kinds it cannot use', () => {
    expect(() => parseProxyAnswer('QUIC proxy.example:443')).toThrow(
      expect.objectContaining({
        code: 'PROXY_FAILED',
        message: expect.stringContaining('QUIC proxy.example:443'),
      }),
    );
  });
});

it('asks the session about the very URL', async () => {
  const asked: string[] = [];
  const session = {
    resolveProxy: async (url: string) => {
      asked.push(url);
      return 'PROXY p:1';
    },
  };
  expect(await systemProxy(session)('https://gateway.example/')).toBe('http://p:1');
  expect(asked).toEqual(['https://gateway.example/']);
});
