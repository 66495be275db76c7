import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { run } from './run.js';
import { say } from './say.js';

function isOnPath(program) {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/${program}`));
}

function hasLibrary(name) {
  const folders = ['/usr/lib', '/usr/lib64', '/lib'];
  return folders
    .filter(existsSync)
    .some((folder) =>
      readdirSync(folder, { withFileTypes: true }).some(
        (entry) =>
          entry.name === name ||
          (entry.isDirectory() && existsSync(`${folder}/${entry.name}/${name}`)),
      ),
    );
}

/** What the tests need in addition to npm's packages: Debian's package, and whether it is there. */
const needed = [
  { name: 'chromium', isThere: () => existsSync(process.env.CHROMIUM_PATH ?? '/usr/bin/chromium') },
  { name: 'libsecret-1-0', isThere: () => hasLibrary('libsecret-1.so.0') },
  { name: 'gnome-keyring', isThere: () => isOnPath('gnome-keyring-daemon') },
  { name: 'dbus', isThere: () => isOnPath('dbus-run-session') && isOnPath('dbus-send') },
  { name: 'bash', isThere: () => isOnPath('bash') },
  { name: 'curl', isThere: () => isOnPath('curl') },
  { name: 'openssl', isThere: () => isOnPath('openssl') },
];

function isDebian() {
  if (!existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
}

async function install(names) {
  const options = { stdout: 'stderr', env: { DEBIAN_FRONTEND: 'noninteractive' } };
  say(`Installing ${names.join(', ')} (apt-get).`);
  await run('apt-get', ['update', '-qq'], options);
  const status = await run(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', ...names],
    options,
  );
  if (status !== 0) throw new Error(`apt-get could not install ${names.join(', ')}.`);
}

/** The build of Chromium without windows: the tests are quicker with it, and pass without. */
async function preferQuickerChromium() {
  if (process.env.CHROMIUM_PATH || existsSync('/usr/bin/chromium-headless-shell')) return;
  await install(['chromium-headless-shell']).catch(() => say('The tests continue with chromium.'));
}

/**
 * Sees to it that what the tests need is there: installs it on Debian and Ubuntu as root; elsewhere
 * throws an error that says what is missing and how to get it.
 */
export async function ensureSystemPackages() {
  const missing = needed.filter(({ isThere }) => !isThere()).map(({ name }) => name);
  const canInstall =
    isDebian() && process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (canInstall) {
    if (missing.length > 0) await install(missing);
    await preferQuickerChromium();
    return;
  }
  if (missing.length === 0) return;
  throw new Error(
    `The tests need what this machine lacks: ${missing.join(', ')}. ` +
      'On Debian or Ubuntu: sudo apt-get install ' +
      `${missing.join(' ')}; elsewhere install the same programs (CHROMIUM_PATH names a Chromium in another place).`,
  );
}
