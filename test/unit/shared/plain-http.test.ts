import { expect, test } from 'vitest';
import { travelsInClear } from '#shared/plain-http.ts';

test.each([
  ['http://s3.example.com', true],
  ['http://10.0.0.7:8080', true],
  [' HTTP://S3.example.com ', true],
  ['http://127.example.com', true],
  ['https://s3.example.com', false],
  ['http://localhost:9000', false],
  ['http://127.0.0.1', false],
  ['http://127.3.2.1:80', false],
  ['http://[::1]:80', false],
  ['s3.example.com', false],
  ['', false],
])('what is sent to %s travels in clear: %s', (address, clear) => {
  expect(travelsInClear(address)).toBe(clear);
});
