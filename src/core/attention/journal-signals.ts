import { formatCounted } from '#shared/counted.ts';
import { day, hour } from '#shared/durations.ts';
import type { SelectedRow } from '../store/sqlite/select-rows.ts';
import {
  type Finding,
  mostOfKind,
  number,
  type SignalDefinition,
  type SignalGround,
  setThreshold,
  text,
} from './signal.ts';

/** Entries of the journal that are looked through at a time. */
const entriesAtOnce = 20_000;

/**
 * Writes whose latest outcome does not confirm them, in a range of the journal and among what earlier
 * looks found. Rows of bulk runs are left out: the signal about the run covers them.
 */
const unsettled = `
  WITH asked AS (
    SELECT journal_id AS id FROM journal_entry
      WHERE kind = 'intent' AND sequence > :after AND sequence <= :until
    UNION SELECT value FROM json_each(:known)),
  ended AS MATERIALIZED (SELECT i.journal_id AS id, i.sequence, i.at, i.body,
    coalesce((SELECT o.result FROM journal_entry o WHERE o.journal_id = i.journal_id
      AND o.kind = 'outcome' ORDER BY o.sequence DESC LIMIT 1), 'open') AS ended
    FROM asked CROSS JOIN journal_entry i ON i.journal_id = asked.id
    WHERE i.kind = 'intent' AND +i.run_id IS NULL)
  SELECT id, sequence, at, ended, json_extract(body, '$.title') AS title,
    json_extract(body, '$.target.name') AS target
  FROM ended WHERE ended IN ('sent', 'unknown', 'open') ORDER BY sequence DESC`;

/** Reads entries written since the last look; the first look reads the whole journal, in parts. */
async function findUnsettled({ archive, memory, remember, now }: SignalGround) {
  const [row] = await archive('SELECT max(sequence) AS last FROM journal_entry');
  const last = number(row?.last);
  // a restored archive may have a shorter journal
  const before = memory.unsettled.until > last ? { until: 0, ids: [] } : memory.unsettled;
  let [rows, after, known] = [[] as SelectedRow[], before.until, JSON.stringify(before.ids)];
  do {
    const until = Math.min(after + entriesAtOnce, last);
    rows = [...(await archive(unsettled, { after, until, known })), ...rows];
    [after, known] = [until, '[]'];
  } while (after < last);
  // saved now and then, not after every entry
  if (last - before.until >= entriesAtOnce / 20 || before.ids.length > rows.length) {
    remember({ unsettled: { until: last, ids: rows.map(({ id }) => text(id)) } });
  }
  return rows.filter(({ ended, at }) => ended !== 'open' || number(at) < now - hour / 4);
}

const resultWords: Record<string, string> = {
  sent: 'The gateway accepted it, but reading back did not confirm it.',
  unknown: 'The gateway did not answer, and reading back did not show it.',
  open: 'The console ended before there was a result.',
};

function unsettledFinding(row: SelectedRow): Finding {
  const journalId = text(row.id);
  return {
    severity: 'warning',
    subject: { kind: 'run', id: journalId, name: `${text(row.title)}: ${text(row.target)}` },
    since: number(row.at),
    evidence: [resultWords[text(row.ended)] ?? ''],
    page: `journal?open=${encodeURIComponent(journalId)}`,
    action: { label: 'Check again', operation: 'operations.recheck', input: { journalId } },
  };
}

/**
 * Runs that were interrupted, or have rows that failed or are not confirmed. A row that failed is settled
 * once the same change of its target was verified after the run. What is not confirmed stays however long
 * ago; the rest for some days after the run was last worked on.
 */
const runs = `
  WITH run AS (SELECT r.run_id AS id, r.title, r.state, coalesce(r.ended_at,
      (SELECT j.at FROM journal_entry j WHERE j.run_id = r.run_id ORDER BY j.sequence DESC LIMIT 1),
      r.created_at) AS last
    FROM bulk_run r WHERE r.merged_at IS NULL AND r.state <> 'previewed'),
  counted AS (SELECT *, last >= :now - :runDays * 86400000.0 AS isRecent,
    (SELECT count(*) FROM bulk_row b WHERE b.run_id = run.id AND b.state = 'sent') AS sent FROM run),
  listed AS MATERIALIZED (SELECT *, iif(isRecent, (SELECT count(*) FROM bulk_row b
      WHERE b.run_id = counted.id AND b.state = 'failed' AND NOT EXISTS (SELECT 1 FROM journal_entry i
        WHERE i.target_id = b.target_id AND i.at >= last AND +i.kind = 'intent'
          AND +i.operation = b.operation AND (SELECT o.result FROM journal_entry o
            WHERE o.journal_id = i.journal_id AND o.kind = 'outcome'
            ORDER BY o.sequence DESC LIMIT 1) = 'verified')), 0) AS failed
    FROM counted WHERE isRecent OR sent > 0)
  SELECT * FROM listed WHERE sent > 0 OR failed > 0 OR (state = 'running' AND isRecent)
  ORDER BY last DESC LIMIT ${mostOfKind}`;

function runFinding(row: SelectedRow, { runningRuns, now }: SignalGround): Finding[] {
  const id = text(row.id);
  const isRunning = row.state === 'running';
  // if it wrote a moment ago, another process may be running it
  const isActive = runningRuns.includes(id) || number(row.last) >= now - hour / 4;
  if (isRunning && isActive) return [];
  const [failed, sent] = [number(row.failed), number(row.sent)];
  return [
    {
      severity: 'warning',
      subject: { kind: 'run', id, name: text(row.title) },
      since: number(row.last),
      evidence: [
        ...(isRunning ? ['It was interrupted and can be resumed.'] : []),
        ...(failed > 0 ? [`${formatCounted(failed, 'row')} failed.`] : []),
        ...(sent > 0 ? [`${formatCounted(sent, 'row')} not confirmed by reading back.`] : []),
      ],
      page: `changes/run/${id}`,
      action: { label: 'Open run', page: `changes/run/${id}` },
    },
  ];
}

const at = (modifier: string): string =>
  `at / 1000, 'unixepoch', 'localtime', iif(isNight, '${modifier}', '+0 days')`;

/**
 * Reveals outside working hours, by this computer's clock. A shift over midnight belongs to the day it
 * began on.
 */
const reveals = `
  WITH revealed AS (SELECT at, body,
      CAST(strftime('%H', at / 1000, 'unixepoch', 'localtime') AS INTEGER) AS hour
    FROM journal_entry WHERE kind = 'intent' AND operation = 'keys.reveal'
      AND at >= :now - ${7 * day}),
  shifted AS (SELECT *, :workFrom >= :workTo AND hour < :workTo AS isNight FROM revealed)
  SELECT count(*) AS reveals, max(at) AS last,
    group_concat(DISTINCT json_extract(body, '$.operator')) AS operators
  FROM shifted WHERE strftime('%w', ${at('-1 days')}) IN ('0', '6')
    OR NOT iif(:workFrom < :workTo, hour BETWEEN :workFrom AND :workTo - 1,
      hour >= :workFrom OR hour < :workTo)`;

/** What is found in the journal and in bulk runs. */
export const journalSignals: readonly SignalDefinition[] = [
  {
    kind: 'reveal-hours',
    title: 'Secret revealed outside working hours',
    find: async ({ archive, name }) => {
      const [row] = await archive(reveals);
      const count = number(row?.reveals);
      if (count === 0) return [];
      const page = 'journal?operation=keys.reveal';
      return [
        {
          severity: 'information',
          subject: { kind: 'cluster', id: 'cluster', name },
          since: number(row?.last),
          evidence: [
            `${formatCounted(count, 'secret key')} revealed in the last week by ${text(row?.operators)}.`,
            'If nobody should have, rotate the keys that the journal names.',
          ],
          page,
          action: { ...setThreshold('workFrom'), label: 'Set working hours' },
          alternatives: [{ label: 'Open journal', page }],
        },
      ];
    },
  },
  {
    kind: 'unverified-writes',
    title: 'Change not confirmed',
    find: async (ground) =>
      (await findUnsettled(ground)).slice(0, mostOfKind).map(unsettledFinding),
  },
  {
    kind: 'runs',
    title: 'Bulk run failed or interrupted',
    find: async (ground) => (await ground.archive(runs)).flatMap((row) => runFinding(row, ground)),
  },
];
