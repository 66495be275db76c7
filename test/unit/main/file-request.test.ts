import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from '#shared/page-policy.ts';
import { answerFileRequest } from '../../../src/main/file-request.ts';

const page = {
  content: Buffer.from('<p>page</p>'),
  mediaType: 'text/html',
  immutable: false,
  nonce: 'n0nce',
};
const files = { find: async (path: string) => (path === '/' ? page : null) };

describe('answerFileRequest', () => {
  it('answers a file with its type and the policy', async () => {
    const response = await answerFileRequest(files, new Request('app://console/'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicy('n0nce'));
    expect(await response.text()).toBe('<p>page</p>');
  });

  it('has nothing else, and nothing for another host or method', async () => {
    const statusOf = async (url: string, method = 'GET') =>
      (await answerFileRequest(files, new Request(url, { method }))).status;
    expect(await statusOf('app://console/other.js')).toBe(404);
    expect(await statusOf('app://elsewhere/')).toBe(403);
    expect(await statusOf('app://console/', 'POST')).toBe(403);
  });

  it('sends the policy with a refusal too', async () => {
    const response = await answerFileRequest(files, new Request('app://console/other.js'));
    expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicy());
  });
});
