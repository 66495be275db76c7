import type { z } from 'zod';
import type { operationPreview, plannedRequest } from '#shared/contract/operations.ts';
import type { AppError } from '#shared/errors.ts';
import { isLocked, nameToType } from '../../clusters/locks/guard.ts';
import type { GatewayRequest } from '../../gateway/model/request.ts';
import { adminCommandLine, requestUrl, s3CurlLine } from './catalogue/command-lines.ts';
import { fieldChanges, preconditionOf } from './catalogue/fields.ts';
import { refusalOf } from './catalogue/naming.ts';
import {
  type ChangeDescription,
  isDestructive,
  type Operation,
  type OperationInput,
  type OperationName,
  type TargetReader,
} from './catalogue/operation.ts';
import { isUnchanged, type OperationContext } from './engine.ts';

export type OperationPreview = z.output<typeof operationPreview>;

type PlannedRequest = z.output<typeof plannedRequest>;

interface PreviewContext extends Pick<OperationContext, 'cluster' | 'caller'> {
  /** `complete` says whether everything asked for was known. */
  reader: TargetReader & { readonly complete?: boolean };
  /** When what it reads was seen; omitted: now. */
  asOf?: string;
}

/** What was never read can't refuse: only what is certain without it does. */
export function isCertain({ code }: AppError, known: boolean): boolean {
  return known || code === 'SELF_LOCKOUT_REFUSED' || code === 'TARGET_AMBIGUOUS';
}

/** The change, and whether all it says was ever read; where not, only what is certain of it. */
export function describeAsKnown<Name extends OperationName>(
  operation: Operation<Name, unknown, unknown>,
  input: OperationInput<Name>,
  state: unknown,
  reader: { readonly complete?: boolean },
): { described: ChangeDescription; known: boolean } {
  const described = operation.describe(input, state);
  // only now: what the description does not go by need not have been read
  const known = reader.complete ?? true;
  if (known) return { described, known };
  return {
    described: { ...described, before: {}, after: operation.wanted?.(input) ?? {} },
    known,
  };
}

/**
 * Returns what an operation would do, from its row of the description and the target as it is.
 * @throws AppError where it is certain that the operation would be refused
 */
export async function previewOperation<Name extends OperationName>(
  operation: Operation<Name, unknown, unknown>,
  input: OperationInput<Name>,
  { cluster, reader, caller, asOf }: PreviewContext,
): Promise<OperationPreview> {
  const { connection } = cluster;
  const state = await operation.read(input, reader);
  const { described, known } = describeAsKnown(operation, input, state, reader);
  const refusal = refusalOf(operation, input, state, caller);
  if (refusal && isCertain(refusal, known)) throw refusal;
  const unchanged = known && isUnchanged(described);
  const destructive = isDestructive(operation, input);
  const writes = unchanged ? [] : operation.requests(input, state);
  const readings = (purpose: 'read' | 'verify') => operation.readings(input, state, purpose);
  const planned = (purpose: PlannedRequest['purpose'], requests: GatewayRequest[]) =>
    requests.map((request) => ({
      purpose,
      method: request.method,
      url: requestUrl(connection.endpoint, request),
    }));
  return {
    operation: operation.name,
    title: operation.title,
    target: described.target,
    fields: fieldChanges(described.before, described.after),
    unchanged,
    ...(known ? {} : { beforeKnown: false }),
    requests: [
      ...planned('read', readings('read')),
      ...planned('write', writes),
      ...(unchanged ? [] : planned('verify', readings('verify'))),
    ],
    commands: {
      s3Curl: writes.map((request) => s3CurlLine(connection.endpoint, request)),
      ostorS3Admin: unchanged
        ? []
        : operation
            .adminCommands(input, state)
            .map((command) => adminCommandLine(command, connection.volumeId)),
    },
    destructive,
    impact: (await operation.impact?.(input, state, reader)) ?? null,
    needsTypedName: nameToType(connection, destructive, described.target.name),
    locked: isLocked(connection),
    // of what was never read nothing can be warned of
    warnings: known ? (operation.warnings?.(input, state) ?? []) : [],
    fingerprint: preconditionOf(described),
    source: reader.source,
    asOf: reader.valuesAsOf ?? asOf ?? new Date().toISOString(),
  };
}
