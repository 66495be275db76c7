import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../../platform/files/write-file-atomically.ts';

const everyMinutes = z.int().min(1).max(10_080).nullable();
/** Unix milliseconds. */
const lastRunAt = z.int().nullable();

const collectSchedule = z.object({ everyMinutes, removeCollected: z.boolean(), lastRunAt });
const refreshSchedule = z.object({ everyMinutes, lastRunAt });
const schedules = z.object({ refresh: refreshSchedule, collect: collectSchedule });

/** What a cluster does by itself, and when it did so last. */
export type StoredSchedules = z.output<typeof schedules>;

/** Nothing is done by itself. */
export const noSchedules: StoredSchedules = {
  refresh: { everyMinutes: null, lastRunAt: null },
  collect: { everyMinutes: null, removeCollected: false, lastRunAt: null },
};

/**
 * The schedules in a connection's directory. A file that can't be read says that nothing is done by
 * itself. Before refreshes had a schedule, the one of collections had a file of its own.
 */
export async function readSchedules(directory: string): Promise<StoredSchedules> {
  const stored = schedules.safeParse(await readJson(join(directory, 'schedules.json')));
  if (stored.success) return stored.data;
  const former = collectSchedule.safeParse(
    await readJson(join(directory, 'collect-schedule.json')),
  );
  return former.success ? { ...noSchedules, collect: former.data } : noSchedules;
}

/** Keeps the schedules, whole or not at all. */
export async function writeSchedules(directory: string, stored: StoredSchedules): Promise<void> {
  await writeFileAtomically(join(directory, 'schedules.json'), `${JSON.stringify(stored)}\n`);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
