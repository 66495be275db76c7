import { describe, expect, it } from 'vitest';
import { checkHostAndOrigin } from '../../../src/web/guards.ts';

describe('checkHostAndOrigin', () => {
  it.each([
    { host: '127.0.0.1:8420' },
    { host: 'localhost:8420' },
    { host: 'LOCALHOST' },
    { host: '[::1]:8420' },
    { host: '127.0.0.1:8420', origin: 'http://127.0.0.1:8420' },
    { host: 'localhost:9000', origin: 'http://localhost:9000', 'sec-fetch-site': 'same-origin' },
    { host: '127.0.0.1:8420', 'sec-fetch-site': 'none' },
  ])('lets %j pass', (headers) => {
    expect(checkHostAndOrigin(headers)).toBeNull();
  });

  it.each([
    {},
    { host: '' },
    { host: 'console.example:8420' },
    { host: '127.0.0.1.example' },
    { host: 'localhost.example:80' },
    { host: '127.0.0.1:8420@console.example' },
    { host: '127.0.0.1:8420', origin: 'null' },
    { host: '127.0.0.1:8420', origin: 'http://127.0.0.1:9999' },
    { host: '127.0.0.1:8420', origin: 'https://127.0.0.1:8420' },
    { host: '127.0.0.1:8420', origin: 'http://console.example' },
    { host: '127.0.0.1:8420', 'sec-fetch-site': 'cross-site' },
    { host: '127.0.0.1:8420', 'sec-fetch-site': 'same-site' },
  ])('refuses %j', (headers) => {
    const refusal = checkHostAndOrigin(headers);
    expect(refusal?.status).toBe(403);
    expect(refusal?.error.code).toBe('CALLER_REFUSED');
  });
});
