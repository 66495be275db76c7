import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RotatingFile } from '#core/platform/log/console-log.ts';

describe('RotatingFile', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ostor-console-test-'));
    path = join(directory, 'log', 'console.log');
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it('starts again at its size and keeps the configured number of older files', () => {
    const file = new RotatingFile(path, { maxBytes: 100, keep: 2 });
    for (let line = 0; line < 30; line += 1) file.write(`line ${line} ${'x'.repeat(20)}\n`);
    file.close();
    expect(readdirSync(join(directory, 'log')).sort()).toEqual([
      'console.log',
      'console.log.1',
      'console.log.2',
    ]);
    const all = ['.2', '.1', ''].map((suffix) => readFileSync(`${path}${suffix}`, 'utf8'));
    for (const content of all) expect(Buffer.byteLength(content)).toBeLessThanOrEqual(100);
    const numbers = [...all.join('').matchAll(/line (\d+)/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers.at(-1)).toBe(29);
  });

  it('continues with a file that is there, and counts what it holds', () => {
    const limits = { maxBytes: 50, keep: 1 };
    const first = new RotatingFile(path, limits);
    first.write(`${'a'.repeat(40)}\n`);
    first.close();
    const second = new RotatingFile(path, limits);
    second.write(`${'b'.repeat(40)}\n`);
    second.close();
    expect(readFileSync(`${path}.1`, 'utf8')).toContain('aaa');
    expect(readFileSync(path, 'utf8')).toContain('bbb');
  });

  it('is readable by its owner alone', () => {
    const file = new RotatingFile(path, { maxBytes: 100, keep: 1 });
    file.write('line\n');
    file.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'log')).mode & 0o777).toBe(0o700);
  });
});
