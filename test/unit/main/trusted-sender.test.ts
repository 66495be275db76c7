import { describe, expect, it } from 'vitest';
import { isOwnPage, isTrustedCaller } from '../../../src/main/trusted-addresses.ts';

const own = { url: 'app://console/#/users', parent: null };

describe('isTrustedCaller', () => {
  it('trusts the main frame of our own window on our own page', () => {
    expect(isTrustedCaller(own, true)).toBe(true);
  });

  it.each([
    ['a frame that is gone', null, true],
    ['a foreign window', own, false],
    ['a frame inside the page', { ...own, parent: own }, true],
    ['another host of the scheme', { url: 'app://elsewhere/', parent: null }, true],
    ['a host that begins alike', { url: 'app://console.example/', parent: null }, true],
    ['a web page', { url: 'https://console/', parent: null }, true],
    ['a file', { url: 'file:///console/index.html', parent: null }, true],
    ['an empty page', { url: 'about:blank', parent: null }, true],
    ['no address', { url: '', parent: null }, true],
    [
      'a development server that is not ours',
      { url: 'http://localhost:5173/', parent: null },
      true,
    ],
  ])('does not trust %s', (_name, frame, ownWindow) => {
    expect(isTrustedCaller(frame, ownWindow)).toBe(false);
  });
});

describe('isOwnPage', () => {
  it('takes the development server only where there is one', () => {
    expect(isOwnPage('http://localhost:5173/x', 'http://localhost:5173')).toBe(true);
    expect(isOwnPage('http://localhost:5174/x', 'http://localhost:5173')).toBe(false);
  });
});
