import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const places = {
  linux: [/^linux(-\w+)?-unpacked$/, ['ostor-console']],
  win32: [/^win(-\w+)?-unpacked$/, ['Ostor Console.exe']],
  darwin: [/^mac(-\w+)?$/, ['Ostor Console.app', 'Contents', 'MacOS', 'Ostor Console']],
};

/** The program that packaging left unpacked in `dist`, or null. */
export function packagedProgram(dist, platform = process.platform) {
  const [folder, path] = places[platform] ?? places.linux;
  if (!existsSync(dist)) return null;
  const programs = readdirSync(dist)
    .filter((name) => folder.test(name))
    .map((name) => join(dist, name, ...path));
  return programs.find(existsSync) ?? null;
}

/** On Linux without a display the program gets its own. */
function commandLine(program, args) {
  const isBlind =
    process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  return isBlind ? ['xvfb-run', ['--auto-servernum', program, ...args]] : [program, args];
}

/**
 * Starts a console, waits for its word that its window is shown, and ends it.
 * @returns `failure`, what went wrong, or null; `output`, what it wrote
 */
export function startOnce(program, args, patience = 60_000) {
  const [command, all] = commandLine(program, args);
  return new Promise((resolve) => {
    const child = spawn(command, all, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, OSTOR_CONSOLE_SMOKE: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    const end = (failure) => {
      clearTimeout(timer);
      resolve({ failure, output });
    };
    child.once('error', (error) => end(`could not be started (${error.code})`));
    child.once('close', (status, signal) => {
      const isShown = output.includes('ostor-console:started');
      if (!isShown) end(`ended before its window was shown (${signal ?? `status ${status}`})`);
      else end(status === 0 ? null : `ended with ${signal ?? `status ${status}`}`);
    });
  });
}
