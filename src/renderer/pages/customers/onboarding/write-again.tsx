import { useState } from 'react';
import { AppError } from '#shared/errors.ts';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { type OnboardingRow, type OnboardingRun, unwrittenParts } from './run-state.tsx';
import { LockedSystems } from './write-back-fields.tsx';

/** Writes what the billing system lacks of one complete user once more, after a look at why it does. */
export function WriteAgain(props: { row: OnboardingRow; wanted: OnboardingRun['writeBack'] }) {
  const { row, wanted } = props;
  const { customerId, serviceId, connectionId, userId, accessKeyId, email } = row;
  const call = useConsole();
  /** Why it was not written the last time, as of when the dialog was opened; null while it is not. */
  const [asking, setAsking] = useState<readonly string[] | null>(null);
  if (wanted === null || customerId === null || connectionId === null || userId === null) {
    return null;
  }
  const { field, note } = unwrittenParts(row.writeBack);
  const at = row.writeBack?.at;
  const write = async () => {
    const { problems } = await call('onboarding.writeBack', {
      ...{ customerId, connectionId, userId, again: true },
      ...(serviceId === null ? {} : { serviceId }),
      ...(accessKeyId === null ? {} : { accessKeyId }),
      ...(field && wanted.place !== undefined ? { place: wanted.place } : {}),
      ...(note ? { note, secretInNote: wanted.secretInNote } : {}),
    });
    if (problems.length > 0) throw notWritten(problems);
  };
  return (
    <>
      <SmallButton
        aria-label={`Write to WHMCS again: ${email}`}
        onClick={() => setAsking(row.writeBack?.problems ?? [])}
      >
        Write to WHMCS again
      </SmallButton>
      {asking && (
        <ConfirmDialog
          verb="Write to WHMCS"
          title={`Write ${email} to WHMCS again`}
          onConfirm={write}
          onClose={() => setAsking(null)}
        >
          {asking.map((problem) => (
            <p key={problem} className="oc-flush">
              Last time{at !== undefined && <Tried at={at} />}: {problem}
            </p>
          ))}
          <LockedSystems writeBack={wanted} />
          {field && <p className="oc-flush">Overwrites what the service holds in that field.</p>}
          {note && (
            <p className="oc-flush">
              Adds a note with user id and key id{wanted.secretInNote ? ' and the secret key' : ''}.
              {row.writeBack?.note === 'unknown' && ' If the first one arrived, there are two.'}
            </p>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}

const Tried = ({ at }: { at: string }) => (
  <>
    {' '}
    (<Time value={at} />)
  </>
);

/** That WHMCS answered, and not everything was written. */
const notWritten = (problems: readonly string[]): AppError =>
  new AppError({
    code: 'WRITE_NOT_CONFIRMED',
    message: problems.join(' '),
    hint: 'Fix the cause in WHMCS and write again, or cancel: the user stays as it is.',
  });
