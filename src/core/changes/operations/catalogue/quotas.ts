import type { CallOutput } from '#shared/contract/index.ts';
import type { Fields } from '#shared/operation-fields.ts';
import { formatBytes, toWireInteger } from '#shared/units.ts';
import type { GatewayQuota } from '../../../gateway/model/gateway.ts';
import {
  clearQuotaRequest,
  quotaRequest,
  setQuotaRequest,
} from '../../../gateway/requests/quotas.ts';
import type { TargetValue } from '../../../store/snapshot/writes/save-values.ts';
import type { AdminCommand } from './command-lines.ts';
import {
  type CalledTarget,
  gatewayTarget,
  type HolderState,
  holderOption,
  namedTarget,
  readHolder,
  targetName,
  targetReadings,
} from './limit-state.ts';
import type { Operation, OperationInput, TargetReader } from './operation.ts';

interface QuotaState extends HolderState {
  quota: GatewayQuota;
  /** Bytes, as last listed; null for defaults and where it is not known. */
  currentBytes: bigint | null;
}

type Input = Pick<OperationInput<'quotas.clear'>, 'target'>;

async function read({ target }: Input, reader: TargetReader): Promise<QuotaState> {
  const { readable, ...holder } = await readHolder(target, reader);
  return { ...holder, quota: readable ? await reader.quota(gatewayTarget(target, holder)) : null };
}

async function readBack(
  { target }: Input,
  before: QuotaState,
  reader: TargetReader,
): Promise<QuotaState> {
  return { ...before, quota: await reader.quota(gatewayTarget(target, before)) };
}

const fields = (quota: GatewayQuota): Fields => ({
  quota: quota === null ? null : String(quota.sizeGb),
});

export function quotaValue(quota: GatewayQuota): Pick<CallOutput<'quotas.get'>, 'set' | 'sizeGb'> {
  return { set: quota !== null, sizeGb: quota === null ? null : toWireInteger(quota.sizeGb) };
}

function command(
  name: string,
  target: CalledTarget,
  state: HolderState,
  ...more: [option: string, value: string][]
): AdminCommand {
  const option = 'user' in target ? (['-i', target.user] as const) : holderOption(target, state);
  return { command: name, options: [option, ...more] };
}

function restore({ target }: Input, { quota }: Fields) {
  return quota === null || quota === undefined
    ? ({ operation: 'quotas.clear', input: { target } } as const)
    : ({ operation: 'quotas.set', input: { target, sizeGb: quota } } as const);
}

/** Shared by setting and clearing a quota. @param unset whether none remains afterwards */
function ofQuotas(unset: boolean) {
  return {
    destructive: false,
    creates: false,
    topics: ['quotas'] as const,
    read,
    readBack,
    naming: (_input: Input, { naming }: QuotaState) => naming,
    readings: ({ target }: Input, state: QuotaState, purpose: 'read' | 'verify') =>
      targetReadings(quotaRequest(gatewayTarget(target, state)), target, state, {
        unset: purpose === 'verify' ? unset : state.quota === null,
        purpose,
      }),
    learned: ({ target }: Input, { quota }: QuotaState, readAt: number): TargetValue[] => [
      { part: 'quotas', target: targetName(target), quota, readAt },
    ],
    value: async (_input: Input, { now }: { now: QuotaState }) => quotaValue(now.quota),
    inverse: restore,
  };
}

/** Sets the quota of a user, a bucket or a default, in GB as given: the number is sent unconverted. */
export const setQuota: Operation<'quotas.set', QuotaState> = {
  name: 'quotas.set',
  title: 'Set quota',
  ...ofQuotas(false),
  describe: ({ target, sizeGb }, { name, quota }) => ({
    target: namedTarget(target, name),
    before: fields(quota),
    after: { quota: String(sizeGb) },
  }),
  wanted: ({ sizeGb }) => ({ quota: String(sizeGb) }),
  warnings: ({ sizeGb }, { currentBytes }) =>
    sizeGb > 0n && currentBytes !== null && currentBytes > sizeGb * 1_000_000_000n
      ? [
          `${formatBytes(currentBytes)} are already stored, more than the new quota: further writes will be refused.`,
        ]
      : [],
  requests: ({ target, sizeGb }, state) => [setQuotaRequest(gatewayTarget(target, state), sizeGb)],
  adminCommands: ({ target, sizeGb }, state) => [
    command('set-quotas', target, state, ['-q', String(sizeGb)]),
  ],
};

/** Clears a target's own quota: the default applies again. */
export const clearQuota: Operation<'quotas.clear', QuotaState> = {
  name: 'quotas.clear',
  title: 'Clear quota',
  ...ofQuotas(true),
  describe: ({ target }, { name, quota }) => ({
    target: namedTarget(target, name),
    before: fields(quota),
    after: { quota: null },
  }),
  wanted: () => ({ quota: null }),
  requests: ({ target }, state) => [clearQuotaRequest(gatewayTarget(target, state))],
  adminCommands: ({ target }, state) => [command('rm-quotas', target, state)],
  // Some gateways leave a zero behind, which is unlimited too; the value says which it is.
  happened: (_input, _before, { quota }) => quota === null || quota.sizeGb === 0n,
};
