import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConsoleLog, logError, openLog } from '#core/platform/log/console-log.ts';
import { AppError, toAppError } from '#shared/errors.ts';

describe('openLog', () => {
  let directory: string;
  let log: ConsoleLog;

  const written = (): string => readFileSync(log.path, 'utf8');

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ostor-console-test-'));
    log = openLog(join(directory, 'log', 'console.log'));
  });

  afterEach(() => {
    log.close();
    rmSync(directory, { recursive: true });
  });

  it('writes one JSON line an event, with time and level as words', () => {
    log.logger.info({ users: 3 }, 'refreshed');
    const line = JSON.parse(written());
    expect(line).toMatchObject({ level: 'info', users: 3, msg: 'refreshed' });
    expect(Number.isNaN(Date.parse(line.time))).toBe(false);
  });

  it('holds a secret back wherever it turns up', () => {
    const secret = 'wJalr"XUtn\\FEMI/K7+MDENG=';
    log.hide(secret);
    log.logger.info({ secretKey: secret }, 'by name');
    log.logger.info({ url: `/?x=${encodeURIComponent(secret)}` }, 'in a URL');
    log.logger.warn({ answer: JSON.stringify({ key: secret }) }, 'in an answer');
    log.logger.error(new Error(`the gateway said ${secret}`), `refused: ${secret}`);
    log.logger.error({ error: new Error('outer', { cause: new Error(secret) }) }, 'in a cause');
    const text = written();
    expect(text.trim().split('\n')).toHaveLength(5);
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
      expect(text).not.toContain(form);
      expect(text).not.toContain(JSON.stringify(form).slice(1, -1));
    }
    for (const line of text.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('masks an authorization that nobody named as a secret', () => {
    log.logger.info({ request: 'Authorization: AWS AKID:c2lnbmF0dXJl' }, 'sent');
    expect(written()).not.toContain('c2lnbmF0dXJl');
  });

  it('records our own errors with their cause and foreseen ones by their code', () => {
    logError(log, 'users.get', toAppError(new TypeError('of our own making')));
    logError(
      log,
      'users.list',
      new AppError({ code: 'TIMED_OUT', message: 'Late.', hint: 'Wait.', requestId: 'r1' }),
    );
    const [own, foreseen] = written()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(own).toMatchObject({ level: 'error', call: 'users.get' });
    expect(own.error.cause).toMatchObject({ name: 'TypeError', message: 'of our own making' });
    expect(foreseen).toMatchObject({ level: 'warn', code: 'TIMED_OUT', requestId: 'r1' });
  });
});
