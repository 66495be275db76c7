import type { Migration } from '../../sqlite/database.ts';
import { usage } from './0001-usage.ts';
import { sizesAndTariffs } from './0002-sizes-and-tariffs.ts';
import { journal } from './0003-journal.ts';
import { bulkRuns } from './0004-bulk-runs.ts';
import { quickerRollUps } from './0005-quicker-roll-ups.ts';
import { acceptedGaps } from './0006-accepted-gaps.ts';
import { issuedStatements } from './0007-issued-statements.ts';
import { mergedJournals } from './0008-merged-journals.ts';
import { serviceStatements } from './0009-service-statements.ts';
import { mergedRuns } from './0010-merged-runs.ts';
import { keyCampaigns } from './0011-key-campaigns.ts';
import { changePlans } from './0012-change-plans.ts';
import { campaignTimes } from './0013-campaign-times.ts';
import { revealsByTime } from './0014-reveals-by-time.ts';
import { preparedRuns } from './0015-prepared-runs.ts';
import { rowReasons } from './0016-row-reasons.ts';

/** Every step of the archive's shape, in order. A published step is never edited: add another. */
export const archiveMigrations: readonly Migration[] = [
  usage,
  sizesAndTariffs,
  journal,
  bulkRuns,
  quickerRollUps,
  acceptedGaps,
  issuedStatements,
  mergedJournals,
  serviceStatements,
  mergedRuns,
  keyCampaigns,
  changePlans,
  campaignTimes,
  revealsByTime,
  preparedRuns,
  rowReasons,
];
