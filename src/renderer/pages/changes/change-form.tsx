import { Radio, Select, Stack, TextInput } from '@mantine/core';
import { quotaError } from '../../components/limits/edit-quota.tsx';
import { type ChangeKind, type ChangeValues, isDays, isRate, rateFields } from './change-values.ts';
import classes from './changes.module.css';

const kinds: readonly { value: ChangeKind; label: string; buckets: boolean }[] = [
  { value: 'quota', label: 'Quota', buckets: true },
  { value: 'limits', label: 'Rate limits', buckets: true },
  { value: 'enable', label: 'Enable', buckets: false },
  { value: 'disable', label: 'Disable', buckets: false },
  { value: 'revoke', label: 'Revoke old access keys', buckets: false },
];

interface FormProps {
  values: ChangeValues;
  onChange(values: ChangeValues): void;
}

/** What is to change on every chosen target. An unset value, zero (unlimited) and a figure are told apart. */
export function ChangeForm(props: FormProps & { noun: 'user' | 'bucket' }) {
  const { values, onChange, noun } = props;
  const offered = kinds.filter(({ buckets }) => noun === 'user' || buckets);
  return (
    <Stack gap={12}>
      <Select
        label="What changes"
        data={offered.map(({ value, label }) => ({ value, label }))}
        value={values.kind}
        allowDeselect={false}
        onChange={(kind) => kind && onChange({ ...values, kind: kind as ChangeKind })}
      />
      {values.kind === 'quota' && <QuotaFields {...props} />}
      {values.kind === 'limits' && <LimitFields {...props} />}
      {values.kind === 'revoke' && <RevokeFields {...props} />}
      {values.kind === 'disable' && (
        <p className={classes.hint}>
          Disabled users can neither read nor write; their buckets and keys stay.
        </p>
      )}
      {values.kind === 'enable' && (
        <p className={classes.hint}>Enabled users can sign in again with the keys they have.</p>
      )}
    </Stack>
  );
}

function QuotaFields({ values, onChange }: FormProps) {
  const { sizeGb } = values;
  const wrong = values.quota === 'value' && sizeGb.trim() !== '' ? quotaError(sizeGb.trim()) : null;
  return (
    <Radio.Group
      label="Quota"
      value={values.quota}
      onChange={(quota) => onChange({ ...values, quota: quota as ChangeValues['quota'] })}
    >
      <Stack gap={6} mt={4} className={classes.radios}>
        <div className={classes.choice}>
          <Radio value="value" label="Set to" size="xs" />
          <TextInput
            aria-label="Quota in GB"
            inputMode="numeric"
            className={classes.figureField}
            value={sizeGb}
            data-autofocus
            error={wrong}
            rightSection={<span className={classes.unit}>GB</span>}
            onFocus={() => values.quota !== 'value' && onChange({ ...values, quota: 'value' })}
            onChange={(event) =>
              onChange({ ...values, quota: 'value', sizeGb: event.currentTarget.value })
            }
          />
        </div>
        <Radio value="unlimited" label="Unlimited (sent as 0)" size="xs" />
        <Radio value="none" label="None of its own: the default applies" size="xs" />
      </Stack>
    </Radio.Group>
  );
}

function LimitFields({ values, onChange }: FormProps) {
  const off = values.limits === 'none';
  return (
    <Radio.Group
      label="Rate limits"
      value={values.limits}
      onChange={(limits) => onChange({ ...values, limits: limits as ChangeValues['limits'] })}
    >
      <Stack gap={6} mt={4} className={classes.radios}>
        <Radio value="values" label="Set these; what is left empty stays as it is" size="xs" />
        <div className={classes.rates}>
          {rateFields.map(({ id, label, unit }) => {
            const text = values.rates[id];
            return (
              <TextInput
                key={id}
                label={label}
                inputMode="decimal"
                placeholder="stays"
                value={text}
                disabled={off}
                error={
                  text.trim() !== '' && !isRate(text) ? 'A number, 0 for unlimited.' : undefined
                }
                rightSection={<span className={classes.unit}>{unit}</span>}
                rightSectionWidth={48}
                onChange={(event) =>
                  onChange({
                    ...values,
                    rates: { ...values.rates, [id]: event.currentTarget.value },
                  })
                }
              />
            );
          })}
        </div>
        <Radio value="none" label="Take every rate limit away" size="xs" />
      </Stack>
    </Radio.Group>
  );
}

function RevokeFields({ values, onChange }: FormProps) {
  const { olderThanDays } = values;
  return (
    <TextInput
      label="Revoke access keys that the console first saw more than"
      description="Keys of the users and of their accounts, as the sweep last read them. A revoked key can't be brought back."
      inputMode="numeric"
      value={olderThanDays}
      error={isDays(olderThanDays) ? undefined : 'A whole number of days.'}
      rightSection={<span className={classes.unit}>days ago</span>}
      rightSectionWidth={72}
      onChange={(event) => onChange({ ...values, olderThanDays: event.currentTarget.value })}
    />
  );
}
