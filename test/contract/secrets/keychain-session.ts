import { spawn, spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programPath } from '#test/program-path.ts';
import type { KeychainState } from './keychain-cases.ts';
import type { SessionResult } from './run-session.ts';

/** What this machine lacks for a private keychain, or null. */
export function missingForKeychain(): string | null {
  if (process.platform !== 'linux') return 'a Linux keyring (this is another system)';
  const programs = ['dbus-run-session', 'dbus-send', 'dbus-monitor', 'gnome-keyring-daemon'];
  const lacking = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  const library =
    globSync('/usr/lib/{,*/}libsecret-1.so.0').length +
    globSync('/usr/lib64/libsecret-1.so.0').length;
  if (library === 0) lacking.push('libsecret-1.so.0');
  return lacking.length === 0 ? null : lacking.join(', ');
}

/** Runs the cases of one state in a private session with a home of its own, which is removed after. */
export async function runKeychainSession(state: KeychainState): Promise<SessionResult[]> {
  const home = await mkdtemp(join(tmpdir(), 'ostor-console-keyring-'));
  try {
    const environment = await sessionEnvironment(home, state);
    const script = programPath(import.meta.url, './run-session.ts');
    const direct = state === 'no-service';
    const [program = '', ...rest] = direct
      ? [process.execPath, script, state]
      : ['dbus-run-session', '--', process.execPath, script, state];
    const output = await outputOf(program, rest, environment);
    return output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as SessionResult);
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function sessionEnvironment(home: string, state: KeychainState): Promise<NodeJS.ProcessEnv> {
  const paths = {
    HOME: home,
    TMPDIR: join(home, 'tmp'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_RUNTIME_DIR: join(home, 'run'),
  };
  for (const path of Object.values(paths)) await mkdir(path, { recursive: true, mode: 0o700 });
  const { DBUS_SESSION_BUS_ADDRESS: _bus, DISPLAY: _x, WAYLAND_DISPLAY: _w, ...rest } = process.env;
  if (state === 'prompting' || state === 'locked-again')
    await neverAnsweringPrompter(paths.XDG_DATA_HOME);
  if (state !== 'no-library') return { ...rest, ...paths };
  return { ...rest, ...paths, LD_LIBRARY_PATH: await brokenLibrary(home) };
}

/** A prompt that nobody answers: the program that would show it lives, and never takes its name. */
async function neverAnsweringPrompter(dataHome: string): Promise<void> {
  const services = join(dataHome, 'dbus-1', 'services');
  await mkdir(services, { recursive: true });
  const waits = '/bin/sh -c "exec sleep 20 </dev/null >/dev/null 2>&1"';
  await writeFile(
    join(services, 'org.gnome.keyring.SystemPrompter.service'),
    `[D-BUS Service]\nName=org.gnome.keyring.SystemPrompter\nExec=${waits}\n`,
  );
}

/** A directory in which the loader finds a libsecret that it can't load. */
async function brokenLibrary(home: string): Promise<string> {
  const directory = join(home, 'lib');
  await mkdir(directory);
  await writeFile(join(directory, 'libsecret-1.so.0'), '');
  return directory;
}

function outputOf(program: string, rest: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output.stdout);
      else reject(new Error(`The session ended with ${code}: ${output.stderr}`));
    });
  });
}
