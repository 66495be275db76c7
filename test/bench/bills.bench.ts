// The bills of a month: statements and PDFs of 2,000 customers over an archive of ten million counters.
import { measureBills } from './measure-bills.ts';
import { atLeast, atMost, known, report } from './report.ts';

const customers = Number(process.argv[2] ?? 2000);
const cost = await measureBills(customers);
const mebi = (bytes: number): number => bytes / 2 ** 20;

report([
  known('counters of the month', cost.counters / 1e6, 'million'),
  atLeast('customers with a final statement', cost.issued, '', customers),
  atMost('statements of all, made, registered and journalled', cost.issueSeconds, 's', 3),
  known('the same, work of the processor', cost.issueCpuSeconds, 's'),
  known('the same against a report by user', cost.issueSeconds / cost.reportSeconds, 'x'),
  known('statements of all once more', cost.againSeconds, 's'),
  atLeast('PDFs, written as one zip', cost.pdfsPerSecond, '/s', 20),
  known('size of the zip', mebi(cost.zipBytes), 'MiB'),
  known('memory before', mebi(cost.restingBytes), 'MiB'),
  atMost('memory at the most', mebi(cost.highestBytes), 'MiB', 900),
]);
