import { Modal } from '@mantine/core';
import { useRef } from 'react';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { type MadePair, NewPair, RevealLater, useRevealedPair } from './new-pair.tsx';
import classes from './operation.module.css';
import { useKeptFocus } from './use-kept-focus.ts';

/**
 * Offers the secret of a pair that a later reading found: nobody has seen it yet. It is fetched when
 * asked for, shown once, and gone with the dialog.
 */
function FoundPairDialog(props: { pair: MadePair; owner: string; onClose(): void }) {
  const { pair, owner, onClose } = props;
  const state = useRevealedPair();
  const { revealed } = state;
  const content = useRef<HTMLDivElement>(null);
  useKeptFocus(content);
  return (
    <Modal
      opened
      onClose={onClose}
      title="The key pair was made"
      size={520}
      returnFocus={false}
      closeOnEscape={revealed === null}
      closeOnClickOutside={false}
      withCloseButton={revealed === null}
    >
      <div ref={content} className={classes.body}>
        {revealed ? (
          <NewPair pair={revealed} holder={pair} owner={owner} onStored={onClose} />
        ) : (
          <>
            <div>
              The answer was lost, but reading again shows the new access key of {owner}. Its secret
              was never shown; the gateway gives it out when it is asked to.
            </div>
            <div>
              <div className="oc-hint">Access key id</div>
              <div className={classes.keyValue}>
                <span className="oc-mono">{pair.accessKeyId}</span>
              </div>
            </div>
            <RevealLater state={state} pair={pair} onLater={onClose} />
          </>
        )}
      </div>
    </Modal>
  );
}

/**
 * Opens the dialog that offers a found pair's secret, where a reading found one.
 * @param owner whose it is, in words
 */
export function offerFoundPair(
  { madePair }: { madePair?: MadePair | null | undefined },
  owner: string,
): void {
  if (!madePair) return;
  openDialog((close) => <FoundPairDialog pair={madePair} owner={owner} onClose={close} />);
}
