import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inRoot } from './paths.js';
import { say } from './say.js';

const folder = inRoot('.cache');

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Whether the file was ours to make; a lock whose owner is gone is taken over. */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const owner = Number(readFileSync(file, 'utf8') || process.pid);
  if (!isRunning(owner)) rmSync(file, { force: true });
  return false;
}

/**
 * Does work that two commands started together must not do at once: the second waits, then finds
 * it done.
 * @param name what is locked
 * @param work run while holding the lock
 */
export async function withLock(name, work) {
  mkdirSync(folder, { recursive: true });
  const file = inRoot('.cache', `${name}.lock`);
  let told = false;
  while (!take(file)) {
    if (!told) say(`Waiting for another command that is doing the same (${name}).`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
