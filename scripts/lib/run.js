import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { inRoot, nodePath, root } from './paths.js';

/**
 * Runs a program and waits for it. Signals that end this process are handed on to it, so that it
 * can close its files.
 * @param command the program's path
 * @param args its arguments
 * @param options `stdout`: 'inherit' (default) or 'stderr'; `output`: the descriptor of a file for all
 * that it prints; `env`: added to the environment; `onMessage`: called with what it sends over Node's
 * channel between parent and child
 * @returns its exit status (128 + n where signal n ended it)
 */
export function run(
  command,
  args,
  { stdout = 'inherit', output, env = {}, shell = false, onMessage } = {},
) {
  return new Promise((resolve, reject) => {
    const path = `${inRoot('node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH: path, ...env },
      stdio: [
        'inherit',
        output ?? (stdout === 'stderr' ? 2 : 'inherit'),
        output ?? 'inherit',
        ...(onMessage ? ['ipc'] : []),
      ],
      shell,
    });
    if (onMessage) child.on('message', onMessage);
    const handOn = (signal) => child.kill(signal);
    const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'];
    for (const signal of signals) process.on(signal, handOn);
    const forget = () => {
      for (const name of signals) process.off(name, handOn);
    };
    child.once('error', (error) => {
      forget();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      forget();
      resolve(code ?? 128 + (signalNumbers[signal] ?? 1));
    });
  });
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** {@link run} for a script on Node 24. */
export function runNode(args, options) {
  return run(nodePath(), args, options);
}

/** The path of a package's command-line program, by its `bin` entry. */
export function tool(...parts) {
  return inRoot('node_modules', ...parts);
}
