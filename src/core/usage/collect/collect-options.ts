import type { z } from 'zod';
import type { collectResult } from '#shared/contract/usage-objects.ts';
import type { Gateway } from '../../gateway/model/gateway.ts';
import type { RetryPauses } from '../../gateway/transport/retry.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { CollectFailure } from '../../store/archive/queries/listing.ts';
import type { RemovalJournal } from './removal-record.ts';

/** The part of the gateway a collection needs. */
export type UsageGateway = Pick<Gateway, 'listUsageObjects' | 'getUsageObject' | 'send'>;

/** Why nothing may be deleted: the connection may not write, or the gateway tells no time. */
export type RemovalHold = NonNullable<CollectResult['removalHeldBack']>;

export interface CollectOptions {
  gateway: UsageGateway;
  archive: Pick<Archive, 'read' | 'write' | 'sound'> & Partial<Pick<Archive, 'assertInPlace'>>;
  maxConnections: number;
  /** Delete on the gateway what is archived, settled and the same as there. */
  removeCollected: boolean;
  /** Also fetch what is archived already, and compare. */
  verify?: boolean;
  only?: ReadonlySet<string> | undefined;
  /** Leave alone what is not archived yet. */
  onlyArchived?: boolean | undefined;
  /** Asked before each deletion: why it may no longer be sent, or null. The rest continues. */
  removalHold?: (() => Exclude<RemovalHold, 'no-date'> | null) | undefined;
  /** Called with deletions before the first is sent, and at the end. */
  removalJournal?: RemovalJournal | undefined;
  controls: Pick<TaskControls, 'signal' | 'checkpoint' | 'progress'>;
  retry?: RetryPauses;
  /** Unix milliseconds. */
  now?: () => number;
}

export type CollectResult = z.output<typeof collectResult>;

/** The same with all failures, as the archive keeps them. */
export type CollectOutcome = Omit<CollectResult, 'failures'> & { failures: CollectFailure[] };
