import { execFile } from 'node:child_process';

const watcher = 'org.kde.StatusNotifierWatcher';
const path = '/StatusNotifierWatcher';
const property = 'IsStatusNotifierHostRegistered';

/** Programs that can ask the session's D-Bus, one of which most desktops have. */
const probes: readonly (readonly [string, readonly string[]])[] = [
  [
    'gdbus',
    [
      ...['call', '--session', '--dest', watcher, '--object-path', path],
      ...['--method', 'org.freedesktop.DBus.Properties.Get', watcher, property],
    ],
  ],
  ['busctl', ['--user', 'get-property', watcher, path, watcher, property]],
  [
    'dbus-send',
    [
      ...['--session', '--print-reply', `--dest=${watcher}`, path],
      ...['org.freedesktop.DBus.Properties.Get', `string:${watcher}`, `string:${property}`],
    ],
  ],
];

/** Runs a program; yields what it printed, an empty text where it failed, null where it is missing. */
export type Probe = (program: string, args: readonly string[]) => Promise<string | null>;

const runProbe: Probe = (program, args) =>
  new Promise((resolve) => {
    execFile(program, [...args], { timeout: 2_000 }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else resolve('code' in error && error.code === 'ENOENT' ? null : '');
    });
  });

/**
 * Returns whether an icon in the tray would be seen. On Linux that takes a desktop that shows such icons:
 * GNOME without an extension does not, and a window hidden there could not be brought back.
 */
export async function isTrayAvailable(
  platform: NodeJS.Platform = process.platform,
  probe: Probe = runProbe,
): Promise<boolean> {
  if (platform !== 'linux') return true;
  for (const [program, args] of probes) {
    const answer = await probe(program, args);
    if (answer !== null) return /\btrue\b/.test(answer);
  }
  return false;
}
