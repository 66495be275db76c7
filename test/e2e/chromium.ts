import { existsSync } from 'node:fs';

/**
 * Debian's browser; Playwright's own is not downloaded. The headless build is used
 * where it is installed: the same engine, and a quarter less to do.
 */
export const chromiumPath =
  process.env.CHROMIUM_PATH ??
  ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path)) ??
  '/usr/bin/chromium';

/**
 * How the browser is started: as root it runs without its sandbox, and nothing it does on its own may
 * touch a network.
 */
export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
];

/** For pages that live for seconds: code is compiled better for longer than it then runs. */
export const shortLivedArguments: readonly string[] = [
  ...chromiumArguments,
  '--js-flags=--no-maglev --no-turbofan',
];
