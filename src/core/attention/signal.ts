import type { z } from 'zod';
import type {
  severity,
  signalAction,
  signalKind,
  signalRow,
  signalThresholds,
} from '#shared/contract/signals.ts';
import type { SyncStatus } from '../clusters/refresh/sync-service.ts';
import type { OffboardingStep } from '../customers/store/offboarding.ts';
import type { TemporaryRaise } from '../customers/temporary-raises.ts';
import type { BusiestHours } from '../store/archive/queries/busiest-hours.ts';
import type { NamedValues, SelectedRow } from '../store/sqlite/select-rows.ts';
import type { SharedText } from '../store/sqlite/shared-text.ts';
import type { SignalMemory } from './kept.ts';

export type Severity = z.output<typeof severity>;
export type SignalKind = z.output<typeof signalKind>;
export type Thresholds = z.output<typeof signalThresholds>;
export type SignalAction = z.output<typeof signalAction>;
export type SignalSubject = z.output<typeof signalRow>['subject'];

/** How bytes at stake are charged: stored for a month, or sent once. */
export interface Stake {
  of: 'stored' | 'downloaded';
  /** The user whose customer pays; omitted: no one user. */
  payer?: string;
}

/** Something that needs attention, as one signal found it. */
export interface Finding {
  severity: Severity;
  subject: SignalSubject;
  /** Unix milliseconds; null: since the console first found it. */
  since: number | null;
  evidence: string[];
  /** Where the evidence is, under `/c/<connectionId>/`; beginning with `/`, from the root on. */
  page: string;
  /** Bytes at stake. */
  weight?: number;
  /** How they would be charged, if anyone pays for them. */
  stake?: Stake;
  action?: SignalAction;
  /** What else can be done. */
  alternatives?: SignalAction[];
}

/** Service hours since the last month began, local time, as the archive covers them. */
export interface ServiceHours {
  serviceId: string;
  /** Missing hours before the service fell silent. */
  missing: number;
  /** When the first of the missing hours began; null where none is. */
  missingSince: number | null;
  /** Missing hours since its last statistics, while others wrote. */
  silentHours: number;
  /** Of the last seven days. `silent`: the missing ones since its last statistics, while others wrote. */
  week: { covered: number; expected: number; missing: number; silent: number };
  /** When the period of its newest object ended, however long ago. */
  wroteUntil: number | null;
}

/**
 * How many users are not in the state of the service that pays for them: `enabled` without an active
 * service, and what these store; `disabled` with one. Those that are being cancelled are not among them.
 */
export interface StoppedUsers {
  enabled: number;
  disabled: number;
  bytes: number;
}

/** A cancellation in progress, of users of this cluster. */
export interface OpenCancellation {
  offboardingId: string;
  customerName: string;
  /** The step that comes next. */
  step: OffboardingStep['step'];
  /** When the step before it was done, or the cancellation began. Unix milliseconds. */
  since: number;
  /** What keeps the step from being done, where it was tried. */
  words: string | null;
}

/** What is stored of a cluster outside its two databases; and how these are asked. */
export interface SignalGround {
  connectionId: string;
  name: string;
  now: number;
  thresholds: Thresholds;
  status: SyncStatus;
  seen: { certificateUntil?: string | undefined; skewSeconds?: number | undefined };
  services: readonly ServiceHours[];
  /** When the list of statistics objects was last read; null: never. */
  listedAt: number | null;
  /** When the first sample of sizes was taken; null: never. */
  firstSampleAt: number | null;
  /** When the first entry of the journal was written; null: never. */
  firstEntryAt: number | null;
  /** When the archive was last backed up; null: never. */
  backedUpAt: number | null;
  /** Ids of bulk runs that are running now. */
  runningRuns: readonly string[];
  disk: { free: number; total: number } | null;
  drift: readonly { planName: string; users: number; planId: string; since: number }[];
  unpaid: { users: number; bytes: number } | null;
  stopped: StoppedUsers;
  cancellations: readonly OpenCancellation[];
  /** What is stored on the cluster, by the last sample of sizes. */
  bytes: number;
  raises: readonly TemporaryRaise[];
  /** What the previous look left. */
  memory: SignalMemory;
  /** Leaves something for the next look. */
  remember(part: Partial<SignalMemory>): void;
  /** Notes what was not evaluated, in a sentence. */
  omit(reason: string): void;
  /** Runs a query in the snapshot's thread; thresholds and `now` are named values of it. */
  snapshot(sql: string, values?: NamedValues): Promise<SelectedRow[]>;
  /** The same of the archive, with the tables of `recentTables`. */
  archive(sql: string, values?: NamedValues): Promise<SelectedRow[]>;
  /** The busiest hours of the last day of users or buckets with rate limits, which are given as JSON. */
  busiest(of: 'user' | 'bucket', limited: SharedText): Promise<BusiestHours>;
}

/** What was not read for a first time yet: nothing is concluded from it. */
export type Unread = Record<'customers' | 'plans' | 'statistics', boolean>;

/** One signal: its title and how it is found. */
export interface SignalDefinition {
  kind: SignalKind;
  title: string;
  /** Not looked for before this was read. */
  needs?: keyof Unread;
  find(ground: SignalGround): Promise<Finding[]> | Finding[];
}

/** Findings of one query that are listed; where there are more, the list says so. */
export const mostOfKind = 500;

export const number = (value: SelectedRow[string] | undefined): number => Number(value ?? 0);
export const text = (value: SelectedRow[string] | undefined): string => String(value ?? '');

/** Opens the thresholds of the cluster at one of them. */
export const setThreshold = (field: keyof Thresholds): SignalAction => ({
  label: 'Set threshold',
  operation: 'signals.setThresholds',
  input: { field },
});

export function userOf(row: SelectedRow): SignalSubject {
  const id = text(row.id);
  return { kind: 'user', id, name: text(row.name) || id };
}

/** The page of a subject, under its cluster's. */
export function pageOf({ kind, id }: SignalSubject): string {
  return `${kind === 'bucket' ? 'buckets' : 'users'}/${encodeURIComponent(id)}`;
}
