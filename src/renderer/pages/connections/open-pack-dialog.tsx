import { FileInput, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { clusterPath, plansPath } from '../../kit/addresses.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { EnvironmentBadge } from '../../kit/components/environment-badge.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { type OpenedFile, readPackFile } from '../../kit/components/read-text-file.ts';
import { Time } from '../../kit/components/time.tsx';
import { typed } from '../../kit/components/typed.ts';
import { Fact, Facts } from '../../kit/detail/detail.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';

type Pack = CallOutput<'connections.readPack'>;
type SameAs = NonNullable<Pack['sameAs']>;

interface HeldPack {
  contentBase64: string;
  pack: Pack;
}

/** What a field pack adds to an existing cluster, in words; null if nothing. */
function broughtTo(sameAs: SameAs, plans: number): string | null {
  if (plans === 0) return sameAs.takesSeen ? 'Replace cached data' : null;
  return sameAs.takesSeen ? 'Add change plans and replace cached data' : 'Add change plans';
}

/**
 * Opens the field pack of another workstation: first it says what is in it, then the cluster is added, or
 * its plans alone where the cluster is here already.
 * @param props.file one that was dropped on the window; null: it is asked for
 */
export function OpenPackDialog(props: { file: OpenedFile | null; onClose(): void }) {
  const [held, setHeld] = useState<HeldPack | null>(null);
  if (held) return <HeldPackDialog {...held} onClose={props.onClose} />;
  return <SelectPackDialog {...props} onRead={setHeld} />;
}

function SelectPackDialog(props: {
  file: OpenedFile | null;
  onRead(held: HeldPack): void;
  onClose(): void;
}) {
  const call = useConsole();
  const [selected, setSelected] = useState<File | null>(null);
  const read = async () => {
    const file = selected ? await readPackFile(selected) : props.file;
    if (!file) return;
    const contentBase64 = file.text;
    props.onRead({ contentBase64, pack: await call('connections.readPack', { contentBase64 }) });
  };
  return (
    <ConfirmDialog
      verb="Read field pack"
      disabled={!selected && !props.file}
      closeWhenDone={false}
      onConfirm={read}
      onClose={props.onClose}
    >
      <p className="oc-flush">
        A field pack saved with “Include cached cluster data” on another workstation shows its
        cluster as it was then. Nothing is added before you have seen what is in it.
      </p>
      {props.file && !selected && <p className="oc-flush oc-mono">{props.file.name}</p>}
      <FileInput
        label={props.file ? 'Another file' : 'File'}
        placeholder="Select a field pack"
        accept=".zip,application/zip"
        value={selected}
        onChange={setSelected}
        data-autofocus={props.file ? undefined : true}
      />
    </ConfirmDialog>
  );
}

function HeldPackDialog({ contentBase64, pack, onClose }: HeldPack & { onClose(): void }) {
  const call = useConsole();
  const navigate = useNavigate();
  const { sameAs, nameTaken, origin } = pack;
  const [name, setName] = useState(nameTaken ? `${pack.name} (${origin.computer})` : pack.name);
  const brings = sameAs ? broughtTo(sameAs, pack.plans.length) : 'Open cluster';
  const open = async () => {
    const { id, plans } = await call('connections.openPack', {
      contentBase64,
      ...(sameAs ? { into: sameAs.id } : { name: name.trim() }),
    });
    navigate(sameAs ? plansPath(id) : clusterPath(id, 'overview'));
    notifications.show({
      title: sameAs ? `${sameAs.name}: field pack opened` : `${name.trim()} added`,
      message: `${formatCounted(plans, 'change plan')} added.`,
    });
  };
  return (
    <ConfirmDialog
      verb={brings ?? 'Add change plans'}
      title={`Field pack of ${pack.name}`}
      disabled={brings === null || (!sameAs && name.trim() === '')}
      onConfirm={open}
      onClose={onClose}
    >
      <PackFacts pack={pack} />
      {sameAs ? (
        <SameCluster sameAs={sameAs} plans={pack.plans.length} />
      ) : (
        <p className="oc-flush">
          The cluster is added without its secret key: everything can be looked at, and changes are
          added to plans.
        </p>
      )}
      {!sameAs && nameTaken && (
        <TextInput
          label="Name"
          description={`“${pack.name}” is the name of another connection here.`}
          {...typed(name, setName)}
          maxLength={120}
        />
      )}
    </ConfirmDialog>
  );
}

const trusts = { pin: 'one pinned certificate', authority: 'its own certificate authority' };

function PackFacts({ pack }: { pack: Pack }) {
  const { endpoint, accessKeyId, environment, trust, origin, users, buckets, plans } = pack;
  const named = plans.map(
    (plan) => `${plan.name} (${formatCounted(plan.changes, 'change')}, ${plan.createdBy})`,
  );
  return (
    <Facts>
      <Fact name="Gateway">
        <span className="oc-mono">{endpoint}</span>
      </Fact>
      <Fact name="Trusted by">{trust === null ? 'the system’s store' : trusts[trust]}</Fact>
      <Fact name="Access key id">
        <span className="oc-mono">{accessKeyId}</span>
      </Fact>
      <Fact name="Environment">
        <EnvironmentBadge environment={environment} />
        {pack.readOnly && ' Read-only'}
      </Fact>
      <Fact name="Data of">
        <Time value={origin.asOf} />
      </Fact>
      <Fact name="Packed">{`on ${origin.computer} by ${origin.operator}`}</Fact>
      <Fact name="Holds">{`${formatCounted(users, 'user')}, ${formatCounted(buckets, 'bucket')}`}</Fact>
      <Fact name="Change plans">{named.length === 0 ? 'none' : named.join('; ')}</Fact>
    </Facts>
  );
}

function SameCluster({ sameAs, plans }: { sameAs: SameAs; plans: number }) {
  const { name, asOf, takesSeen } = sameAs;
  return (
    <p className="oc-flush">
      You already have this cluster as <b>{name}</b>.{' '}
      {plans > 0 && 'Its change plans are added; duplicates are skipped. '}
      {takesSeen ? (
        'The cached data is newer than that of the field pack opened before, and replaces it.'
      ) : (
        <>
          The cached data here is kept
          {asOf !== null && (
            <>
              : data of <Time value={asOf} />
            </>
          )}
          .{plans === 0 && ' This field pack has no change plans, so there is nothing to add.'}
        </>
      )}
    </p>
  );
}
