import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '#simulator/model/seeded-random.ts';
import { bulkKills } from './scenarios/bulk-kills.ts';
import { clockJumps } from './scenarios/clock-jumps.ts';
import { collectKills } from './scenarios/collect-kills.ts';
import { fullDisk, readOnlyDisk } from './scenarios/disks.ts';
import { hostileAnswers } from './scenarios/hostile-answers.ts';
import { restoresDuringWork } from './scenarios/restores-during-work.ts';
import { shrinkingLists } from './scenarios/shrinking-lists.ts';
import { tornLogs } from './scenarios/torn-logs.ts';

/** What a scenario is run with. */
export interface SoakContext {
  random: SeededRandom;
  /** Its own directory, removed afterwards. */
  directory: string;
  /** How often, or of how many, where `count` is usual: less as part of the tests, more in a soak. */
  times(count: number): number;
}

/** What a scenario did, by name. */
export type SoakFigures = Record<string, number>;

/** Why a scenario can't be done on this machine. */
export interface Skipped {
  skipped: string;
}

/** Does damage for a while and throws where anything was lost, doubled or deleted too early. */
export type Scenario = (context: SoakContext) => Promise<SoakFigures | Skipped>;

/** Whether a scenario was not done. */
export function isSkipped(outcome: SoakFigures | Skipped): outcome is Skipped {
  return typeof outcome.skipped === 'string';
}

/** All scenarios, in the order in which they take turns. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'kills of a collection': collectKills,
  'kills of a bulk run and its resumes': bulkKills,
  'a full disk': fullDisk,
  'a read-only disk': readOnlyDisk,
  'torn logs': tornLogs,
  'clock jumps': clockJumps,
  'hostile answers': hostileAnswers,
  'restores during work': restoresDuringWork,
  'shrinking lists': shrinkingLists,
};

/** Runs one scenario; the same seed does the same damage, as far as the machine lets it. */
export async function runScenario(
  scenario: Scenario,
  seed: number,
  scale: number,
): Promise<SoakFigures | Skipped> {
  const directory = await mkdtemp(join(tmpdir(), 'ostor-soak-'));
  try {
    const times = (count: number): number => Math.max(1, Math.round(count * scale));
    return await scenario({ random: new SeededRandom(seed), directory, times });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
