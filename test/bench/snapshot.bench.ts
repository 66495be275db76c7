// The snapshot with 100,000 users and 500,000 buckets: what a refresh costs, how long pages take while
// it is idle and while it is refreshed, and how soon a console that starts with it shows its rows.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import { writeLists } from './lists-data.ts';
import { measureLists } from './measure-lists.ts';
import { feedOf, measureRefresh } from './measure-refresh.ts';
import { measureStart } from './measure-start.ts';
import { atMost, type BenchRow, known, report } from './report.ts';

const size = { users: 100_000, buckets: 500_000 };
const idleCalls = 1000;
const longestPage = 50;
const longestStall = 50;

const directory = mkdtempSync(join(tmpdir(), 'ostor-bench-'));
const rows: BenchRow[] = [];
try {
  const files = await writeLists(directory, size);
  const snapshotDirectory = join(directory, 'snapshot');
  const snapshot = await openSnapshot(snapshotDirectory);
  const refresh = await measureRefresh(snapshot, files, directory);
  rows.push(
    known('JSON.parse and bare insert of the same rows, best', refresh.bare, 'ms'),
    known('refresh, best', refresh.refresh, 'ms'),
    known('first refresh against that', refresh.first, 'times'),
    atMost('refresh against that, median of 3', refresh.median, 'times', 2),
  );

  const idle = await measureLists(snapshot, size.buckets, 1, (calls) => calls >= idleCalls);
  let refreshing = true;
  const refreshed = snapshot.refresh(feedOf(files)).finally(() => {
    refreshing = false;
  });
  const busy = await measureLists(snapshot, size.buckets, 2, () => !refreshing);
  await refreshed;
  rows.push(
    known('search and page calls while idle, median', idle.median, 'ms'),
    atMost(`search and page calls while idle, p99 of ${idle.calls}`, idle.p99, 'ms', longestPage),
    atMost(`the same while a refresh writes, p99 of ${busy.calls}`, busy.p99, 'ms', longestPage),
    atMost('longest stall of the event loop while idle', idle.stalls.longest, 'ms', longestStall),
    atMost('longest stall while a refresh writes', busy.stalls.longest, 'ms', longestStall),
  );
  await snapshot.close();

  const dataDir = join(directory, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const start = await measureStart(dataDir, join(snapshotDirectory, 'snapshot.sqlite'));
  rows.push(known('first rows answered, from the start of the process', start.answer, 'ms'));
  if (start.screen) {
    rows.push(
      known('first rows on screen, from the start of the process', start.screen.milliseconds, 'ms'),
      known('memory of the web shell at rest', start.screen.memory, 'MiB'),
    );
  } else {
    console.error('First rows on screen: not measured, since there is no Chromium here.');
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

report(rows);
