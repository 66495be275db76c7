import { describe, expect, it } from 'vitest';
import { mayOpenOutside } from '../../../src/main/trusted-addresses.ts';

describe('mayOpenOutside', () => {
  it("lets the vendors' guides through", () => {
    expect(mayOpenOutside('https://docs.virtuozzo.com/guide.html#s3')).toBe(true);
  });

  it.each([
    'http://docs.virtuozzo.com/',
    'https://docs.virtuozzo.com.example/',
    'https://user:secret@docs.virtuozzo.com/',
    'https://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ms-settings:',
    'not an address',
  ])('refuses %s', (address) => {
    expect(mayOpenOutside(address)).toBe(false);
  });
});
