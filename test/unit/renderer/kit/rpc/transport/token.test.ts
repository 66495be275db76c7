import { expect, test } from 'vitest';
import { takeToken } from '#renderer/kit/rpc/transport/token.ts';

class Place {
  readonly kept = new Map<string, string>();
  shown: string;
  location;
  history = {
    replaceState: (_: unknown, __: string, address?: string | URL | null) => {
      this.shown = String(address);
    },
  };
  storage = {
    getItem: (name: string) => this.kept.get(name) ?? null,
    setItem: (name: string, value: string) => void this.kept.set(name, value),
  };
  constructor(hash: string) {
    this.shown = hash;
    this.location = { hash, pathname: '/', search: '' };
  }
}

test('takes the token out of the address and keeps it for the tab', () => {
  const place = new Place('#token=abc-123_X');
  expect(takeToken(place)).toBe('abc-123_X');
  expect(place.shown).toBe('/#/');
  const reloaded = new Place('#/c/demo/users');
  for (const [name, value] of place.kept) reloaded.kept.set(name, value);
  expect(takeToken(reloaded)).toBe('abc-123_X');
  expect(reloaded.shown).toBe('#/c/demo/users');
});

test('leads on to the page named beside the token', () => {
  const place = new Place('#token=t&path=%2Fc%2Fdemo%2Fusers%3Fq%3Da');
  expect(takeToken(place)).toBe('t');
  expect(place.shown).toBe('/#/c/demo/users?q=a');
});

test('has none where none was given', () => {
  expect(takeToken(new Place('#/connections'))).toBeNull();
});
