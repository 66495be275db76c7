import type { Core } from '#core/core.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { type AppErrorData, toAppError } from '#shared/errors.ts';
import { callsOf, findConnection, nothingSaved } from './headless-calls.ts';
import type { CheckOptions } from './options.ts';

/** Exit status of monitoring plugins: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
export type CheckStatus = 0 | 1 | 2 | 3;

const words = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;

/** What `npm run check` prints. */
export interface CheckReport {
  status: (typeof words)[number];
  counts: CallOutput<'signals.list'>['counts'];
  snoozed: number;
  clusters: CallOutput<'signals.clusters'>;
  signals: CallOutput<'signals.list'>['rows'];
  incomplete: CallOutput<'signals.list'>['incomplete'];
  digest?: CallOutput<'signals.sendDigest'>;
  /** Why the digest was not sent: the findings still hold. */
  digestError?: AppErrorData;
}

/** Evaluates all clusters, or one, from stored data. @throws AppError `CONNECTION_NOT_FOUND` */
export async function checkOnce(
  core: Core,
  options: Pick<CheckOptions, 'connection' | 'digest'>,
  signal: AbortSignal,
): Promise<{ exitStatus: CheckStatus; report: CheckReport }> {
  const call = callsOf(core, signal);
  const of =
    options.connection === null
      ? {}
      : { connectionId: (await findConnection(call, options.connection)).id };
  const { rows, counts, snoozed, incomplete } = await allSignals(call, of);
  const clusters = (await call('signals.clusters', {})).filter(
    ({ connectionId }) => !('connectionId' in of) || connectionId === of.connectionId,
  );
  if (clusters.length === 0) throw nothingSaved();
  const exitStatus = statusOf(counts, incomplete.length);
  const report = {
    status: words[exitStatus],
    counts,
    snoozed,
    clusters,
    signals: rows,
    incomplete,
  };
  if (!options.digest) return { exitStatus, report };
  try {
    return { exitStatus, report: { ...report, digest: await call('signals.sendDigest', of) } };
  } catch (thrown) {
    const digestError = toAppError(thrown).toData();
    return { exitStatus: exitStatus === 0 ? 1 : exitStatus, report: { ...report, digestError } };
  }
}

async function allSignals(call: ReturnType<typeof callsOf>, of: { connectionId?: string }) {
  const pageRows = 1000;
  const first = await call('signals.list', { ...of, limit: pageRows });
  const rows = [...first.rows];
  while (rows.length < first.total) {
    const page = await call('signals.list', { ...of, offset: rows.length, limit: pageRows });
    if (page.rows.length === 0) break;
    rows.push(...page.rows);
  }
  return { ...first, rows };
}

/** Known problems take precedence over unknown states. */
export function statusOf(counts: CheckReport['counts'], incomplete: number): CheckStatus {
  if (counts.critical > 0) return 2;
  if (counts.warning > 0) return 1;
  return incomplete > 0 ? 3 : 0;
}
