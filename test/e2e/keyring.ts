import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A keychain for the tests: a Secret Service of its own, with nothing of the operator's in it. */
export interface Keyring {
  /** What a process needs in its environment to find it. */
  environment: Readonly<Record<string, string>>;
  close(): void;
}

function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

function busAddress(bus: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!bus.stdout) return reject(new Error('The message bus has no output.'));
    createInterface({ input: bus.stdout }).once('line', resolve);
    bus.once('exit', () => reject(new Error('The message bus ended.')));
  });
}

/** Whether the Secret Service has taken its name on the bus. */
function answers(environment: Readonly<Record<string, string>>): boolean {
  const question = [
    '--session',
    '--print-reply',
    '--dest=org.freedesktop.DBus',
    '/',
    'org.freedesktop.DBus.NameHasOwner',
    'string:org.freedesktop.secrets',
  ];
  const env = { ...process.env, ...environment };
  return spawnSync('dbus-send', question, { env }).stdout.includes('boolean true');
}

/**
 * Starts gnome-keyring on a private D-Bus, unlocked, on Linux; elsewhere the system's own keychain
 * is used and nothing is started.
 */
export async function startKeyring(): Promise<Keyring> {
  if (process.platform !== 'linux') return { environment: {}, close: () => undefined };
  for (const program of ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon']) {
    if (!isInstalled(program))
      throw new Error(`${program} is not installed; npm test installs it.`);
  }
  const home = mkdtempSync(join(tmpdir(), 'ostor-console-keyring-'));
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const environment = {
    DBUS_SESSION_BUS_ADDRESS: await busAddress(bus),
    XDG_DATA_HOME: home,
    XDG_RUNTIME_DIR: home,
  };
  const daemon = spawn(
    'gnome-keyring-daemon',
    ['--foreground', '--unlock', '--components=secrets', `--control-directory=${home}`],
    { env: { ...process.env, HOME: home, ...environment }, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  daemon.stdin.end('test keyring\n');
  while (!answers(environment)) await new Promise((next) => setTimeout(next, 50));
  return {
    environment,
    close: () => {
      daemon.kill();
      bus.kill();
      // both may still be at work there
      rmSync(home, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
