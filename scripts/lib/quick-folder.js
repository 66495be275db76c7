import {
  accessSync,
  constants,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const prefix = 'ostor-console-tests-';
/** Several times what the tests have on it at a time, bytes. */
const usuallyWanted = 2 * 1024 ** 3;

function allows(path, mode) {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function hasRoom(folder, wanted) {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= wanted;
}

/** Whether programs can be started from a folder; a container's file system in memory may forbid it. */
function runsPrograms(folder) {
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
  const runs = allows(program, constants.X_OK);
  rmSync(program);
  return runs;
}

function isRunning(processId) {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** A run that was killed leaves its folder, which takes memory; its name says whose it was. */
function removeLeft(parent) {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix) || isRunning(Number.parseInt(name.slice(prefix.length), 10)))
      continue;
    try {
      rmSync(join(parent, name), { recursive: true });
    } catch {
      // somebody else's, or just removed by another run
    }
  }
}

/**
 * Lets `work` and the programs it starts keep their temporary files in memory, where there is room for
 * them: the console waits for the disk after each change, and its tests make tens of thousands. What is
 * to outlive a kill does so there, too; elsewhere they are where temporary files always are.
 * @param options `parent`: the folder of a file system in memory, as Linux has it; `wanted`: the bytes
 * that have to be free there
 */
export async function withQuickFolder(work, { parent = '/dev/shm', wanted = usuallyWanted } = {}) {
  if (!allows(parent, constants.W_OK)) return await work();
  removeLeft(parent);
  const folder = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  const { TMPDIR } = process.env;
  try {
    if (hasRoom(folder, wanted) && runsPrograms(folder)) process.env.TMPDIR = folder;
    return await work();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(folder, { recursive: true, force: true });
  }
}
