import type { z } from 'zod';
import type { operationPreview, plannedRequest } from '#shared/contract/operations.ts';
import { isLocked, nameToType } from '../../clusters/locks/guard.ts';
import type { GatewayRequest } from '../../gateway/model/request.ts';
import { adminCommandLine, requestUrl, s3CurlLine } from './command-lines.ts';
import { isUnchanged, type OperationContext } from './engine.ts';
import { fieldChanges, preconditionOf } from './fields.ts';
import { refusalOf } from './naming.ts';
import {
  isDestructive,
  type Operation,
  type OperationInput,
  type OperationName,
} from './operation.ts';

export type OperationPreview = z.output<typeof operationPreview>;

type PlannedRequest = z.output<typeof plannedRequest>;

/**
 * What an operation would do, from its row of the description and the target as it is.
 * @throws AppError where it is certain that the operation would be refused
 */
export async function previewOperation<Name extends OperationName>(
  operation: Operation<Name, unknown, unknown>,
  input: OperationInput<Name>,
  { cluster, reader, caller }: Pick<OperationContext, 'cluster' | 'reader' | 'caller'>,
): Promise<OperationPreview> {
  const { connection } = cluster;
  const state = await operation.read(input, reader);
  const refusal = refusalOf(operation, input, state, caller);
  if (refusal) throw refusal;
  const described = operation.describe(input, state);
  const unchanged = isUnchanged(described);
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
    warnings: operation.warnings?.(input, state) ?? [],
    fingerprint: preconditionOf(described),
    source: reader.source,
    asOf: new Date().toISOString(),
  };
}
