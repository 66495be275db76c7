import type { ParsedInput } from '#shared/contract/index.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { DatasetPart } from '../../store/archive/queries/dataset.ts';
import { hoursOf } from '../coverage/report-period.ts';
import { type Destination, type FileSink, mediaTypes, openSink } from './deliver-file.ts';

interface DatasetResult {
  files: number;
  rows: number;
  bytes: number;
  writtenTo: string;
}

const daySeconds = 86_400;

/**
 * Writes the archived counters as Parquet, one folder a day:
 * `connection=<id>/year=2026/month=10/day=01/part-0.parquet`. A file that is there is replaced by what
 * the archive holds now, so that running it again is harmless.
 */
export async function exportDataset(
  { clusters, archives, tasks }: Pick<ClusterWork, 'clusters' | 'archives' | 'tasks'>,
  { connectionId, destination, ...input }: ParsedInput<'usage.exportDataset'>,
): Promise<{ taskId: string }> {
  const { fromHour, toHour } = hoursOf(input);
  const cluster = await clusters.get(connectionId);
  const archive = await archives.get(connectionId);
  const { taskId } = tasks.start({
    kind: 'usage.exportDataset',
    title: `Export usage of ${cluster.connection.name}`,
    connectionId,
    canPause: true,
    run: (controls) => {
      const sink = openSink(destination, () => cluster.gateway(), controls.signal);
      const period = { from: fromHour * 3600, to: toHour * 3600 };
      return writeDataset(archive, { ...period, connectionId, destination, sink, controls });
    },
  });
  return { taskId };
}

interface DatasetPlan {
  from: number;
  to: number;
  connectionId: string;
  destination: Destination;
  sink: FileSink;
  controls: Pick<TaskControls, 'checkpoint' | 'progress'>;
}

async function writeDataset(archive: Archive, plan: DatasetPlan): Promise<DatasetResult> {
  const { destination, controls, from, to } = plan;
  const writtenTo =
    destination.to === 'folder'
      ? destination.path
      : `${destination.bucket}/${destination.prefix}`.replace(/\/+$/, '');
  const result: DatasetResult = { files: 0, rows: 0, bytes: 0, writtenTo };
  return archive.onOwnThread(async (read) => {
    const days = await read('datasetDays', { from, to });
    for (const [index, day] of days.entries()) {
      await controls.checkpoint();
      controls.progress({ done: index, total: days.length });
      await writeDay(read, plan, day, result);
    }
    controls.progress({ done: days.length, total: days.length });
    return result;
  });
}

async function writeDay(
  read: Archive['read'],
  { connectionId, from, to, sink, controls }: DatasetPlan,
  day: number,
  result: DatasetResult,
): Promise<void> {
  const [year, month, date] = new Date(day * daySeconds * 1000)
    .toISOString()
    .slice(0, 10)
    .split('-');
  const folder = `connection=${connectionId}/year=${year}/month=${month}/day=${date}`;
  const within = {
    from: Math.max(from, day * daySeconds),
    to: Math.min(to, (day + 1) * daySeconds),
  };
  let after: DatasetPart['next'] | undefined;
  for (let part = 0; after !== null; part += 1) {
    await controls.checkpoint();
    const file = await read('datasetPart', { ...within, ...(after ? { after } : {}) });
    if (!file) return;
    await sink.put(`${folder}/part-${part}.parquet`, file.bytes, mediaTypes.parquet);
    result.files += 1;
    result.rows += file.rows;
    result.bytes += file.bytes.byteLength;
    after = file.next;
  }
}
