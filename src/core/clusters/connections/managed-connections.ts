import { isDeepStrictEqual } from 'node:util';
import { AppError, toAppError } from '#shared/errors.ts';
import { travelsInClear } from '#shared/plain-http.ts';
import type { NoticeBoard } from '../../platform/notice-board.ts';
import { assertAllowed, type Policy, policyForbids } from '../../platform/policy.ts';
import { type ConnectionInput, checkConnection } from './check-connection.ts';
import type { StoredConnection } from './connection-file.ts';
import type { ConnectionStore } from './connection-store.ts';
import { keepsInSession } from './credentials.ts';
import { separatePassword } from './proxy-for.ts';

/**
 * Brings the saved connections in line with those of the policy. What the policy does not set of a
 * connection stays as the operator set it; secrets are never part of a policy.
 * @returns connections as they were whose secrets are to leave where they are kept
 * @throws AppError `POLICY_INVALID` where an endpoint or a certificate can't be read, `DISK_FAILED`
 */
export async function seedConnections(
  policy: Policy | null,
  store: ConnectionStore,
  notices: NoticeBoard,
): Promise<StoredConnection[]> {
  const leaving: StoredConnection[] = [];
  if (!policy) return leaving;
  for (const { connection, fields } of policy.connections) {
    const before = store.find(connection.id);
    const checked = { ...connection, ...(await readable(policy, connection, before)) };
    const saved = before
      ? { ...foundOut(before, checked), ...changedFields(before, checked, fields) }
      : { ...checked, secretInKeychain: false };
    const leaves = before !== undefined && keepsInSession(before) !== keepsInSession(saved);
    const after = leaves ? { ...saved, secretInKeychain: false } : saved;
    if (leaves) leaving.push(before);
    if (before && isDeepStrictEqual(comparable(before), comparable(after))) continue;
    await store.save(after).catch(async (thrown) => {
      const error = toAppError(thrown);
      if (error.code !== 'ALREADY_EXISTS') throw error;
      // a name that is taken leaves no guard out
      if (before) await store.save({ ...after, name: before.name });
      notices.add({
        severity: 'error',
        message: before
          ? `The connection "${before.name}" keeps its name: the name "${connection.name}" that your administrator set is already in use.`
          : `The connection "${connection.name}" of your administrator was not added: its name is already in use.`,
        hint: 'Rename or remove your own connection of that name and restart the console.',
      });
    });
  }
  return leaving;
}

/** Names of the fields of a connection that the policy sets; undefined where it sets none. */
export function managedFieldsOf(policy: Policy | null, id: string): string[] | undefined {
  const managed = policy?.connections.find(({ connection }) => connection.id === id);
  return managed && [...managed.fields];
}

/**
 * Lets a connection be saved unless the policy sets otherwise.
 * @throws AppError `POLICY_FORBIDS`, naming the field
 */
export async function assertMayBeSaved(
  policy: Policy | null,
  input: ConnectionInput,
  before: StoredConnection | undefined,
): Promise<void> {
  if (travelsInClear(input.endpoint)) assertAllowed(policy, 'plainHttp');
  if (!before) assertAllowed(policy, 'addConnections');
  const fields = before && managedFieldsOf(policy, before.id);
  if (!policy || !before || !fields) return;
  const after = { ...input, ...(await checkConnection(input)) };
  const changed = fields.find(
    (field) => !isDeepStrictEqual(fieldValue(before, field), fieldValue(after, field)),
  );
  if (changed === undefined) return;
  throw policyForbids(policy, `Your administrator sets ${changed} of "${before.name}".`);
}

/** @throws AppError `POLICY_FORBIDS` where the policy has the connection */
export function assertMayBeRemoved(policy: Policy | null, { id, name }: StoredConnection): void {
  if (!policy || managedFieldsOf(policy, id) === undefined) return;
  throw policyForbids(policy, `"${name}" is managed by your administrator and can't be removed.`);
}

async function readable(
  policy: Policy,
  connection: Pick<StoredConnection, 'id' | 'endpoint' | 'tls' | 'proxy'>,
  before: StoredConnection | undefined,
): Promise<Pick<StoredConnection, 'endpoint' | 'tls' | 'proxy'>> {
  try {
    const { proxy, password } = separatePassword(connection.proxy, before?.proxy);
    if (password !== null) throw passwordInPolicy();
    return { ...(await checkConnection(connection)), ...(proxy ? { proxy } : {}) };
  } catch (thrown) {
    const { message, hint } = toAppError(thrown);
    throw new AppError({
      code: 'POLICY_INVALID',
      message: `The administrator's policy ${policy.path} can't be used: connection "${connection.id}": ${message}`,
      hint,
    });
  }
}

function passwordInPolicy(): AppError {
  return new AppError({
    code: 'POLICY_INVALID',
    message: "the proxy's address holds a password",
    hint: 'Take it out: a policy holds no secrets, and each operator enters the password.',
  });
}

/** What was found out of a gateway holds for that gateway alone. */
function foundOut(
  before: StoredConnection,
  { endpoint }: Pick<StoredConnection, 'endpoint'>,
): StoredConnection {
  if (before.endpoint === endpoint) return before;
  const { detectedSignature: _signature, detectedSelectors: _selectors, ...kept } = before;
  return kept;
}

/** What the policy sets and the saved connection has otherwise. */
function changedFields(
  before: StoredConnection,
  checked: object,
  fields: readonly string[],
): Partial<StoredConnection> {
  const changed = fields.filter(
    (field) => !isDeepStrictEqual(fieldValue(before, field), fieldValue(checked, field)),
  );
  return Object.fromEntries(changed.map((field) => [field, Reflect.get(checked, field)]));
}

/** Without fields that are there and say nothing. */
function comparable(connection: StoredConnection): object {
  return JSON.parse(JSON.stringify(connection));
}

/** A field as the policy has it: passwords are the operator's own. */
function fieldValue(connection: object, field: string): unknown {
  const value = Reflect.get(connection, field);
  if (field !== 'proxy' || typeof value !== 'object') return value;
  const { mode, url, username } = value as Record<string, unknown>;
  return { mode, url, username };
}
