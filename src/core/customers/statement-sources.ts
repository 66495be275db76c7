import { hour } from '#shared/durations.ts';
import type { Archives } from '../clusters/archives.ts';
import { sha256 } from '../store/archive/file/encodings.ts';
import { readSourceLines, type Statement } from '../usage/billing/statement.ts';
import { type HourPeriod, hoursOf } from '../usage/coverage/report-period.ts';

interface Sources {
  objects: string[];
  looks: string;
}

/** The sources of a statement, with the text that the register keeps of them. */
interface WholeSources extends Sources {
  lines: string;
  digest: string;
}

/** By the clusters of a statement and its period: most customers have the same. */
export type SourcesMemory = Map<string, Promise<WholeSources>>;

/** Reads the statistics objects and samples of the clusters that a statement rests on. */
export function readSources(
  archives: Archives,
  statement: Statement,
  memory: SourcesMemory,
): Promise<WholeSources> {
  const period = hoursOf(statement);
  const ids = (statement.clusters ?? []).map(({ connectionId }) => connectionId);
  const key = [...ids, period.fromHour, period.toHour].join(' ');
  const reading = memory.get(key) ?? wholeSources(archives, ids, period);
  memory.set(key, reading);
  return reading;
}

async function wholeSources(
  archives: Archives,
  connectionIds: readonly string[],
  period: HourPeriod,
): Promise<WholeSources> {
  const parts: Sources[] = [];
  for (const id of connectionIds) parts.push(await clusterSources(archives, id, period));
  const objects = parts.flatMap((part) => part.objects);
  const looks = sha256(parts.map((part) => part.looks).join(' '));
  const lines = `${looks}\n${objects.join('')}`;
  return { objects, looks, lines, digest: sha256(lines) };
}

async function clusterSources(
  archives: Archives,
  connectionId: string,
  { fromHour, toHour }: HourPeriod,
): Promise<Sources> {
  const archive = await archives.get(connectionId);
  const lines = await readSourceLines(archive, { fromHour, toHour });
  const looks = await archive.read('sizeLooks', { from: fromHour * hour, to: toHour * hour });
  return { objects: lines.map((line) => `${connectionId}/${line}`), looks: looks.join(' ') };
}
