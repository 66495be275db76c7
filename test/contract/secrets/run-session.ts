import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { type KeychainState, keychainCases } from './keychain-cases.ts';

/** How one case ended; printed as a line of JSON each. */
export interface SessionResult {
  name: string;
  /** Left out where it passed. */
  error?: string;
}

/** Starts a keyring daemon in this session and waits until it owns its name on the bus. */
async function startKeyring(unlock: boolean): Promise<ChildProcess> {
  const options = ['--foreground', '--components=secrets', ...(unlock ? ['--unlock'] : [])];
  const daemon = spawn('gnome-keyring-daemon', options, { stdio: ['pipe', 'ignore', 'ignore'] });
  daemon.stdin?.end(unlock ? 'the keyring password' : '');
  for (;;) {
    const asked = spawnSync(
      'dbus-send',
      [
        '--session',
        '--print-reply',
        '--dest=org.freedesktop.DBus',
        '/',
        'org.freedesktop.DBus.NameHasOwner',
        'string:org.freedesktop.secrets',
      ],
      { encoding: 'utf8' },
    );
    if (asked.stdout.includes('boolean true')) return daemon;
    await wait(50);
  }
}

const state = process.argv[2] as KeychainState;
const daemon =
  state === 'no-service' || state === 'no-library'
    ? null
    : await startKeyring(state === 'unlocked' || state === 'locked-again');
for (const { name, run } of keychainCases[state]) {
  const result: SessionResult = { name };
  try {
    await run();
  } catch (thrown) {
    result.error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
daemon?.kill();
