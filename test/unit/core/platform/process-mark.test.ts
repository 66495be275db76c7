import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isOtherAlive, processMark } from '#core/platform/process-mark.ts';

it('a process is distinguished from another one that got its id later', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  await once(child, 'spawn');
  const mark = processMark(child.pid);
  expect(isOtherAlive(mark)).toBe(true);
  if (process.platform === 'linux') expect(isOtherAlive(`${mark}1`)).toBe(false);
  expect(isOtherAlive(processMark())).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isOtherAlive(mark)).toBe(false);
});
