import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { countNewCampaigns, mergeCampaigns } from '#core/store/archive/merge/merge-campaigns.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import {
  type CampaignKeyStep,
  keyCampaignReaders,
  keyCampaignWriters,
} from '#core/store/archive/queries/key-campaigns.ts';
import { migrate } from '#core/store/sqlite/database.ts';

const page = { offset: 0, limit: 100 };
let own: DatabaseSync;
let other: DatabaseSync;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 9, 1) });
  own = new DatabaseSync(':memory:');
  // a copy of another archive is read with big integers
  other = new DatabaseSync(':memory:', { readBigInts: true });
  for (const database of [own, other]) migrate(database, archiveMigrations);
});

afterEach(() => {
  own.close();
  other.close();
  vi.useRealTimers();
});

/** Begins a campaign over a key of each user. */
function begin(database: DatabaseSync, campaignId: string, users: readonly string[]): void {
  const campaign = {
    campaignId,
    title: campaignId,
    comment: '',
    kind: 'rotate',
    createdBy: 'olga',
  };
  const keys = users.map((userId) => ({
    ...{ userId, email: `${userId}@example.com`, accountName: null, state: 'todo', reason: null },
    ...{ oldAccessKeyId: `${userId}-old`, oldFirstSeen: '2026-01-01T00:00:00.000Z' },
    newAccessKeyId: null,
  }));
  keyCampaignWriters(database).createCampaign({ campaign, keys } as Parameters<
    ReturnType<typeof keyCampaignWriters>['createCampaign']
  >[0]);
}

/** Changes a key a minute after the last change anywhere. */
function step(database: DatabaseSync, change: Omit<CampaignKeyStep, 'campaignId' | 'by'>): void {
  vi.setSystemTime(Date.now() + 60_000);
  const whole = { campaignId: 'autumn', by: 'anna', ...change };
  expect(keyCampaignWriters(database).stepCampaignKey(whole)).toBe(true);
}

function keysOf(campaignId: string) {
  const { rows } = keyCampaignReaders(own).listCampaignKeys({ campaignId, ...page });
  return rows.map(({ state, newAccessKeyId }) => [state, newAccessKeyId]);
}

/** Merges, and again: a second merge changes nothing. */
function merge(): number {
  const announced = countNewCampaigns(own, other);
  expect(mergeCampaigns(own, other, 'olga')).toBe(announced);
  expect([countNewCampaigns(own, other), mergeCampaigns(own, other, 'olga')]).toEqual([0, 0]);
  return announced;
}

it('takes a campaign whole, then of each key and of itself what was changed last', () => {
  begin(other, 'autumn', ['aa', 'bb', 'cc']);
  step(other, { row: 1, from: 'todo', state: 'generating', before: ['aa-old'] });
  expect(merge()).toBe(1);
  expect(keysOf('autumn')).toEqual([
    ['generating', null],
    ['todo', null],
    ['todo', null],
  ]);
  const read = () => keyCampaignReaders(own).listCampaignKeys({ campaignId: 'autumn', ...page });
  expect(read().rows[0]).toMatchObject({
    ...{ before: ['aa-old'], changedBy: 'anna', unclearSince: '2026-10-01T00:01:00.000Z' },
  });
  step(other, { row: 1, from: 'generating', state: 'generated', newAccessKeyId: 'aa-new' });
  step(other, { row: 2, from: 'todo', state: 'failed', reason: 'Refused.' });
  step(own, { row: 2, from: 'todo', state: 'generated', newAccessKeyId: 'bb-new' });
  vi.setSystemTime(Date.now() + 60_000);
  const change = { campaignId: 'autumn', title: 'Fall', closed: true, by: 'anna' };
  keyCampaignWriters(other).updateCampaign(change);
  expect(merge()).toBe(1);
  expect(keysOf('autumn')).toEqual([
    ['generated', 'aa-new'],
    ['generated', 'bb-new'],
    ['todo', null],
  ]);
  const find = () => keyCampaignReaders(own).findCampaign({ campaignId: 'autumn' });
  expect(find()).toMatchObject({ title: 'Fall', closedAt: expect.any(String) });
  // reopened here, it stays so
  vi.setSystemTime(Date.now() + 60_000);
  keyCampaignWriters(own).updateCampaign({ campaignId: 'autumn', closed: false, by: 'olga' });
  expect(merge()).toBe(0);
  expect(find()).toMatchObject({ closedAt: null });
});

it('a new key is not lost to a later skip that knew of none', () => {
  begin(other, 'autumn', ['aa', 'bb']);
  merge();
  step(other, { row: 1, from: 'todo', state: 'generated', newAccessKeyId: 'aa-new' });
  step(own, { row: 2, from: 'todo', state: 'generated', newAccessKeyId: 'bb-new' });
  step(own, { row: 1, from: 'todo', state: 'skipped', reason: 'Both slots are full.' });
  step(other, { row: 2, from: 'todo', state: 'skipped', reason: 'Both slots are full.' });
  merge();
  expect(keysOf('autumn')).toEqual([
    ['generated', 'aa-new'],
    ['generated', 'bb-new'],
  ]);
});

it('a new key is not lost to any later state without one', () => {
  begin(other, 'autumn', ['aa', 'bb']);
  merge();
  step(own, { row: 1, from: 'todo', state: 'generated', newAccessKeyId: 'aa-new' });
  step(other, { row: 1, from: 'todo', state: 'failed', reason: 'Refused.' });
  step(other, { row: 2, from: 'todo', state: 'generated', newAccessKeyId: 'bb-new' });
  step(own, { row: 2, from: 'todo', state: 'failed', reason: 'Refused.' });
  merge();
  expect(keysOf('autumn')).toEqual([
    ['generated', 'aa-new'],
    ['generated', 'bb-new'],
  ]);
});

it('what was revoked stays revoked', () => {
  begin(other, 'autumn', ['aa', 'bb']);
  step(other, { row: 1, from: 'todo', state: 'in-use', newAccessKeyId: 'aa-new' });
  step(other, { row: 2, from: 'todo', state: 'in-use', newAccessKeyId: 'bb-new' });
  merge();
  step(own, { row: 1, from: 'in-use', state: 'revoked' });
  step(other, { row: 1, from: 'in-use', state: 'skipped', reason: 'On leave.' });
  step(other, { row: 2, from: 'in-use', state: 'revoked' });
  step(own, { row: 2, from: 'in-use', state: 'failed', reason: 'Refused.' });
  merge();
  expect(keysOf('autumn')).toEqual([
    ['revoked', 'aa-new'],
    ['revoked', 'bb-new'],
  ]);
});

it('a request of unknown outcome is not lost to a later state that knew of none', () => {
  begin(other, 'autumn', ['aa', 'bb']);
  merge();
  step(own, { row: 1, from: 'todo', state: 'generating', before: ['aa-old'] });
  step(other, { row: 1, from: 'todo', state: 'skipped', reason: 'Both slots are full.' });
  merge();
  expect(keysOf('autumn')[0]).toEqual(['generating', null]);
  // what it came to was found out here: the other's is older
  step(other, { row: 2, from: 'todo', state: 'generating', before: ['bb-old'] });
  merge();
  step(own, { row: 2, from: 'generating', state: 'failed', reason: 'Refused.' });
  expect(merge()).toBe(0);
  expect(keysOf('autumn')[1]).toEqual(['failed', null]);
});

it('skips keys whose holder an open campaign of this archive works on', () => {
  begin(own, 'spring', ['aa']);
  begin(other, 'autumn', ['aa', 'bb']);
  merge();
  expect(keysOf('spring')).toEqual([['todo', null]]);
  expect(keysOf('autumn')).toEqual([
    ['skipped', null],
    ['todo', null],
  ]);
});

it('a campaign that is open here does not give way to one that has just arrived', () => {
  begin(own, 'autumn', ['aa']);
  mergeCampaigns(other, own, 'anna');
  const change = { campaignId: 'autumn', closed: true, by: 'anna' };
  keyCampaignWriters(other).updateCampaign(change);
  begin(other, 'winter', ['aa']);
  // changed here last, the campaign itself stays open; a later change of its key arrives with the other
  vi.setSystemTime(Date.now() + 60_000);
  keyCampaignWriters(own).updateCampaign({ campaignId: 'autumn', title: 'Fall', by: 'olga' });
  step(other, { row: 1, from: 'todo', state: 'failed', reason: 'Refused.' });
  merge();
  expect(keysOf('autumn')).toEqual([['failed', null]]);
  expect(keysOf('winter')).toEqual([['skipped', null]]);
});

it('a key that comes back to a campaign gives way to another that is open here', () => {
  begin(other, 'autumn', ['aa']);
  begin(own, 'spring', ['aa']);
  merge();
  step(other, { row: 1, from: 'todo', state: 'failed', reason: 'Refused.' });
  vi.setSystemTime(Date.now() + 60_000);
  merge();
  expect(keysOf('autumn')).toEqual([['skipped', null]]);
  expect(keysOf('spring')).toEqual([['todo', null]]);
});

it('no new key is skipped because another console works on its holder', () => {
  begin(own, 'spring', ['aa']);
  begin(other, 'autumn', ['aa']);
  step(other, { row: 1, from: 'todo', state: 'generated', newAccessKeyId: 'aa-new' });
  merge();
  expect(keysOf('spring')).toEqual([['todo', null]]);
  expect(keysOf('autumn')).toEqual([['generated', 'aa-new']]);
});

it('a campaign that was reopened elsewhere gives way to one that is open here', () => {
  begin(other, 'autumn', ['aa']);
  merge();
  const at = { campaignId: 'autumn', by: 'anna' };
  vi.setSystemTime(Date.now() + 60_000);
  keyCampaignWriters(own).updateCampaign({ ...at, closed: true });
  begin(own, 'winter', ['aa']);
  vi.setSystemTime(Date.now() + 60_000);
  keyCampaignWriters(other).updateCampaign({ ...at, title: 'Fall', closed: false });
  merge();
  expect(keysOf('winter')).toEqual([['todo', null]]);
  expect(keysOf('autumn')).toEqual([['skipped', null]]);
});
