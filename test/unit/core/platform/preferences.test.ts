import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EventBus } from '#core/platform/events.ts';
import { NoticeBoard } from '#core/platform/notice-board.ts';
import { Preferences } from '#core/platform/preferences.ts';
import { fileStamp } from '#core/platform/printed-time.ts';

let dataDir: string;
const events = new EventBus();
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'preferences-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(dataDir, { recursive: true, force: true });
});

const open = (notices = new NoticeBoard(events)) => Preferences.open({ dataDir, events, notices });

it('keeps the changes of two windows, one preference each, beyond a restart', async () => {
  const reported: unknown[] = [];
  const end = events.subscribe((event) => reported.push(event));
  const before = await open();
  await Promise.all([
    before.change({ 'views/a': { name: 'Full' }, theme: 'dark' }),
    before.change({ 'views/b': { name: 'Late' } }),
  ]);
  await before.change({ 'views/a': null });
  end();
  expect((await open()).all()).toEqual({ theme: 'dark', 'views/b': { name: 'Late' } });
  expect(reported.at(-1)).toEqual({
    name: 'preferences.changed',
    payload: { changes: { 'views/a': null } },
  });
});

it('refuses more than it keeps, and changes nothing then', async () => {
  const subject = await open();
  await subject.change({ theme: 'dark' });
  const much = Object.fromEntries(
    Array.from({ length: 70 }, (_, index) => [`views/${index}`, 'x'.repeat(30_000)]),
  );
  await expect(subject.change(much)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect(subject.all()).toEqual({ theme: 'dark' });
});

it('sets a damaged file aside and says so', async () => {
  await writeFile(join(dataDir, 'preferences.json'), '{"version":1,"values":[');
  const notices = new NoticeBoard(events);
  expect((await open(notices)).all()).toEqual({});
  const [aside = ''] = await readdir(dataDir);
  expect(notices.list()[0]?.hint).toContain(aside);
  expect(await readFile(join(dataDir, aside), 'utf8')).toContain('"values":[');
});

it('distinguishes an unreadable file from a missing one', async () => {
  // a folder can be opened by nobody, whoever runs the tests
  await mkdir(join(dataDir, 'preferences.json', 'kept'), { recursive: true });
  const notices = new NoticeBoard(events);
  const subject = await open(notices);
  const [aside = ''] = await readdir(dataDir);
  expect(notices.list()[0]?.hint).toContain(aside);
  await subject.change({ theme: 'dark' });
  expect(await readdir(join(dataDir, aside))).toEqual(['kept']);
  expect((await open()).all()).toEqual({ theme: 'dark' });
});

it('starts without a notice where there is no file', async () => {
  const notices = new NoticeBoard(events);
  expect((await open(notices)).all()).toEqual({});
  expect(notices.list()).toEqual([]);
});

it('writes nothing in place of a file that it could neither read nor set aside', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-10-01T13:00:00Z') });
  const path = join(dataDir, 'preferences.json');
  await writeFile(path, '{"version":1,"values":[');
  await mkdir(join(`${path}.damaged-${fileStamp()}`, 'in the way'), { recursive: true });
  const notices = new NoticeBoard(events);
  const subject = await open(notices);
  expect(notices.list()[0]?.hint).toContain('not kept');
  await expect(subject.change({ theme: 'dark' })).rejects.toMatchObject({ code: 'DISK_FAILED' });
  expect(subject.all()).toEqual({});
  expect(await readFile(path, 'utf8')).toBe('{"version":1,"values":[');
});
