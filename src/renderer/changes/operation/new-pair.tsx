import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { CopyButton } from '../../kit/components/identifier.tsx';
import { Note } from '../../kit/components/note.tsx';
import { SecretField } from '../../kit/components/secret-field.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useWhenSecured, whileUnsecured } from '../../kit/stores/secured.ts';
import { useAction } from '../../kit/use-action.ts';
import classes from './operation.module.css';

/** A key pair that the gateway just made; the secret is null where it could not be fetched. */
export interface KeyPair {
  accessKeyId: string;
  secretAccessKey: string | null;
}

/**
 * A new key pair, shown once. It is held by this dialog alone and gone with it. Where its secret could
 * not be fetched with it, it is fetched here when asked for.
 * @param props.holder whose it is, as calls name it
 * @param props.owner whose it is, in words
 * @param props.onStored the operator has stored it, or leaves it for later
 */
export function NewPair(props: {
  pair: KeyPair | null;
  holder: Omit<MadePair, 'accessKeyId'>;
  owner: string;
  onStored(): void;
  children?: ReactNode;
}) {
  const { pair, holder, owner, onStored } = props;
  const state = useRevealedPair();
  const { accessKeyId } = pair ?? {};
  const secretAccessKey = state.revealed?.secretAccessKey ?? pair?.secretAccessKey ?? null;
  if (accessKeyId === undefined) {
    return (
      <>
        <Note tone="warning" title="The gateway created no key pair">
          Generate one in the Keys section.
        </Note>
        <div className="oc-buttons">
          <Button onClick={onStored} data-autofocus>
            Close
          </Button>
        </div>
      </>
    );
  }
  if (secretAccessKey === null) {
    return (
      <>
        <Note tone="warning" title="The secret could not be fetched">
          The key <span className="oc-mono">{accessKeyId}</span> of {owner} exists. Its secret was
          never shown; the gateway gives it out when it is asked to, here or in the Keys section.
        </Note>
        <RevealLater state={state} pair={{ ...holder, accessKeyId }} onLater={onStored} />
      </>
    );
  }
  return (
    <>
      <div>
        <b>New access key of {owner}</b>
        <div className="oc-dimmed">
          Store both parts now where the tenant can get them safely. You can reveal the secret again
          later.
        </div>
      </div>
      <div>
        <div className="oc-hint">Access key id</div>
        <div className={classes.keyValue}>
          <span className="oc-mono">{accessKeyId}</span>
          <CopyButton value={accessKeyId} label="Copy access key id" />
        </div>
      </div>
      <SecretField value={secretAccessKey} label="Secret access key" />
      {props.children}
      <div className="oc-buttons">
        <Button onClick={onStored}>Done</Button>
      </div>
    </>
  );
}

/** A key pair that was made and whose secret nobody has seen yet. */
export type MadePair = NonNullable<CallOutput<'operations.recheck'>['madePair']>;

/** A pair with its secret, held by the dialog that shows it alone. */
interface RevealedPair {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Fetches the secret of a pair when asked to; a failure can be tried again. */
export function useRevealedPair() {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const [revealed, setRevealed] = useState<RevealedPair | null>(null);
  // The gateway gives it out again when it is asked to.
  useWhenSecured(() => setRevealed(null));
  const { running, error, run } = useAction();
  const reveal = (pair: MadePair) =>
    run(async () => {
      const mayShow = whileUnsecured();
      const made = await call('keys.reveal', { connectionId, ...pair });
      if (mayShow()) setRevealed(made);
    });
  return { revealed, running, error, reveal };
}

/** The buttons below a pair that was not revealed yet: now, or later. */
export function RevealLater(props: {
  state: ReturnType<typeof useRevealedPair>;
  pair: MadePair;
  onLater(): void;
}) {
  const { running, error, reveal } = props.state;
  return (
    <>
      {error && <ErrorPanel error={error} compact />}
      <div className="oc-buttons">
        <SecondaryButton onClick={props.onLater}>Later</SecondaryButton>
        <Button
          leftSection={<IconKey size={15} />}
          loading={running}
          onClick={() => void reveal(props.pair)}
          data-autofocus
        >
          Reveal the pair
        </Button>
      </div>
    </>
  );
}
