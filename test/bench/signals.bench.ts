// All signals over a cluster of 100,000 users, 500,000 buckets and 10 million counters, after a refresh.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureSignals } from './measure-signals.ts';
import { atLeast, atMost, known, report } from './report.ts';

const directory = mkdtempSync(join(tmpdir(), 'ostor-bench-'));
try {
  const found = await measureSignals(directory, { users: 100_000, buckets: 500_000, days: 30 });
  report([
    known('counters', found.counters, ''),
    known('filling the archive', found.filling / 1000, 's'),
    atLeast('kinds of signals found', found.kinds, '', 3),
    known('signals found', found.signals, ''),
    known('of these with money at risk', found.priced, ''),
    atMost('kinds that could not be computed', found.failed.length, '', 0),
    atMost('all signals after a refresh, median of 5', found.median, 'ms', 2000),
    known('all signals, longest', found.longest, 'ms'),
    known('processor time for all signals, of all threads', found.cpu, 'ms'),
    atMost('longest stall of the event loop meanwhile', found.stalls.longest, 'ms', 50),
    known('longest stall of an idle process next to it', found.stalls.machine, 'ms'),
    atMost('pressure board, read first', found.board.first, 'ms', 3000),
    known('pressure board, processor time of that, of all threads', found.board.cpu, 'ms'),
    known('pressure board, buckets read first', found.board.bucketsFirst, 'ms'),
    atMost('pressure board, a page of users', found.board.page, 'ms', 150),
    atMost('pressure board, a page of buckets', found.board.buckets, 'ms', 150),
    atMost('longest stall while the board is read', found.board.stalls.longest, 'ms', 50),
    known('longest stall of an idle process next to that', found.board.stalls.machine, 'ms'),
  ]);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
