import { Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import { travelsInClear } from '#shared/plain-http.ts';
import { UnlockBilling } from '../../../changes/operation/write-failure.tsx';
import { SecondaryButton } from '../../../kit/components/buttons.ts';
import { Note } from '../../../kit/components/note.tsx';
import { optionsOf } from '../../../kit/components/options.ts';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { isLocked, takesChanges } from '../shared/billing-button.tsx';
import classes from '../shared/customers.module.css';

/** What is to be written to the billing system. */
export type WriteBackValue = NonNullable<CallInput<'onboarding.start'>['writeBack']>;

type Billing = CallOutput<'billing.list'>[number];

/** Whether something can be written to a billing system, once it is unlocked. */
export const isWritable = ({ capabilities, hold }: Billing): boolean =>
  capabilities.includes('notes') && takesChanges({ hold });

/** Unlocks the billing systems that take no changes until then, where something is to be written. */
export function LockedSystems({ writeBack }: { writeBack: WriteBackValue | null }) {
  const systems = useCall('billing.list', {}).data ?? [];
  if (writeBack?.place === undefined && writeBack?.note !== true) return null;
  return systems
    .filter((system) => isWritable(system) && isLocked(system))
    .map((system) => <UnlockBilling key={system.id} system={system} />);
}

/** Resumes a run that would send secret keys where they travel in clear: without them. */
export function WithoutSecret(props: {
  /** Why the run was not resumed. */
  error: AppError | null;
  /** What the run was started with. */
  writeBack: WriteBackValue | null;
  onStart(writeBack: WriteBackValue): Promise<unknown>;
}) {
  const { error, writeBack, onStart } = props;
  if (error?.code !== 'PLAIN_HTTP' || writeBack?.secretInNote !== true) return null;
  return (
    <div>
      <SecondaryButton onClick={() => void onStart({ ...writeBack, secretInNote: false })}>
        Resume without the secret key in notes
      </SecondaryButton>
    </div>
  );
}

/** Fields for what is written to WHMCS after each user. */
export function WriteBackFields(props: {
  value: WriteBackValue;
  onChange(value: WriteBackValue): void;
}) {
  const { value, onChange } = props;
  const billing = useCall('billing.list', {}).data ?? [];
  const [field, setField] = useState(() => fieldIn(value));
  const able = billing.filter(({ capabilities }) => capabilities.includes('notes'));
  if (billing.length === 0) return null;
  if (able.length === 0) {
    return (
      <p className="oc-dimmed">The billing connection is a table: nothing can be written to it.</p>
    );
  }
  if (able[0]?.hold && !able.some(isWritable)) {
    return <p className="oc-dimmed">{able[0].hold.message}</p>;
  }
  const isClear = able.filter(isWritable).every(({ url }) => travelsInClear(url ?? ''));
  const place = placeOf(value);
  const setPlace = (wanted: string | null) => {
    const { place: _before, ...rest } = value;
    if (wanted === 'username') onChange({ ...rest, place: 'username' });
    else if (wanted === 'field') onChange({ ...rest, place: fieldOf(field) });
    else onChange(rest);
  };
  return (
    <fieldset className={classes.writeBack}>
      <legend className="oc-heading">Write to WHMCS</legend>
      <p className="oc-caption oc-flush">
        Billing needs none of this: the console keeps which user belongs to which service. It is for
        staff and modules that look for the user in WHMCS.
      </p>
      <div className={classes.fieldRow}>
        <Select
          label="Write the user id into the service"
          description={placeWords[place]}
          data={optionsOf({
            none: 'No',
            username: 'As its user name',
            field: 'Into a custom field',
          })}
          value={place}
          onChange={setPlace}
        />
        {place === 'field' && (
          <TextInput
            label="Name of the custom field"
            description="Its name finds the field of each product. Its number works too, for one product: WHMCS numbers the fields of each product apart. In WHMCS: the product, tab Custom Fields."
            required
            maxLength={200}
            value={field}
            onChange={(event) => {
              setField(event.currentTarget.value);
              onChange({ ...value, place: fieldOf(event.currentTarget.value) });
            }}
          />
        )}
      </div>
      <Checkbox
        label="Add a note with user id and key id to the client"
        description="Staff see it in the client’s profile. Each note stays until it is deleted there."
        checked={value.note === true}
        onChange={(event) => {
          const note = event.currentTarget.checked;
          onChange({ ...value, note, ...(note ? {} : { secretInNote: false }) });
        }}
      />
      <Checkbox
        label="Put the secret key into that note"
        description={isClear ? inClear : null}
        disabled={value.note !== true || isClear}
        checked={value.secretInNote === true}
        onChange={(event) => onChange({ ...value, secretInNote: event.currentTarget.checked })}
      />
      {value.secretInNote === true && (
        <Note tone="warning" role="alert" title="The secret is stored in clear text in WHMCS">
          <div>
            Everyone who can open the client there, and every backup of WHMCS, can read it from then
            on. The console can’t take the note back. A handover sheet is the safer way.
          </div>
        </Note>
      )}
    </fieldset>
  );
}

const inClear =
  'WHMCS is reached over plain http, which would send the secret key unencrypted. Use https:// in the billing connection if WHMCS has it.';

const placeWords = {
  none: 'The service in WHMCS does not show which user it has.',
  username: 'Only where the service has no user name yet.',
  field: 'Only where the custom field is empty.',
};

/** Reads what was entered for a field: its number where it is one, else its name. */
const fieldOf = (text: string): NonNullable<WriteBackValue['place']> =>
  /^\s*\d{1,10}\s*$/.test(text) ? { customField: text.trim() } : { customFieldNamed: text };

function fieldIn({ place }: WriteBackValue): string {
  if (place === undefined || place === 'username') return '';
  return 'customField' in place ? place.customField : place.customFieldNamed;
}

function placeOf({ place }: WriteBackValue): 'none' | 'username' | 'field' {
  if (place === undefined) return 'none';
  return place === 'username' ? 'username' : 'field';
}
