import { Radio, Select, Stack } from '@mantine/core';
import { limitRows, quotaRules, rateRules } from '#shared/limit-resources.ts';
import { quotaZeroNote } from '#shared/units.ts';
import { NumberEntry } from '../../kit/components/number-entry.tsx';
import classes from './bulk.module.css';
import {
  bulkQuotaError,
  type ChangeKind,
  type ChangeValues,
  daysRules,
  isOfEach,
} from './change-values.ts';

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

/** Shows what is to change on every selected target. An unset value, zero and a figure are distinct. */
export function ChangeForm(props: FormProps & { noun: 'user' | 'bucket' }) {
  const { values, onChange, noun } = props;
  const offered = kinds.filter(({ buckets }) => noun === 'user' || buckets);
  return (
    <Stack gap={12}>
      <Select
        label="What changes"
        data={offered.map(({ value, label }) => ({ value, label }))}
        value={values.kind}
        onChange={(kind) => kind && onChange({ ...values, kind: kind as ChangeKind })}
      />
      {values.kind === 'quota' && <QuotaFields {...props} />}
      {values.kind === 'limits' && <LimitFields {...props} />}
      {(values.kind === 'quota' || values.kind === 'limits') && (
        <p className="oc-hint">
          {isOfEach(values)
            ? 'Computed for each row from its current value, and previewed row by row. A row without a current value is named and not changed.'
            : 'Also takes a change of what each has, such as +10 %.'}
        </p>
      )}
      {values.kind === 'revoke' && <RevokeFields {...props} />}
      {values.kind === 'disable' && (
        <p className="oc-hint">
          Disabled users can neither read nor write; their buckets and keys stay.
        </p>
      )}
      {values.kind === 'enable' && (
        <p className="oc-hint">Enabled users can sign in again with the keys they have.</p>
      )}
    </Stack>
  );
}

function QuotaFields({ values, onChange }: FormProps) {
  const { sizeGb } = values;
  const wrong =
    values.quota === 'value' && sizeGb.trim() !== '' ? bulkQuotaError(sizeGb) : undefined;
  return (
    <Radio.Group
      label="Quota"
      value={values.quota}
      onChange={(quota) => onChange({ ...values, quota: quota as ChangeValues['quota'] })}
    >
      <Stack gap={8} mt={4} className={classes.radios}>
        <div className={classes.choice}>
          <Radio value="value" label="Set to" size="xs" />
          <NumberEntry
            aria-label="Quota in GB"
            rules={quotaRules}
            ofMany
            className={classes.figureField}
            value={sizeGb}
            data-autofocus
            error={wrong}
            rightSection={<span className={classes.unit}>GB</span>}
            onFocus={() => values.quota !== 'value' && onChange({ ...values, quota: 'value' })}
            onChange={(text) => onChange({ ...values, quota: 'value', sizeGb: text })}
          />
        </div>
        <Radio value="zero" label="0 GB" description={quotaZeroNote} size="xs" />
        <Radio value="none" label="Not set: the default applies" size="xs" />
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
      <Stack gap={8} mt={4} className={classes.radios}>
        <Radio value="values" label="Set these; what is left empty stays as it is" size="xs" />
        <div className={classes.rates}>
          {limitRows.map(({ id, label, shortUnit }, index) => (
            <NumberEntry
              key={id}
              data-autofocus={index === 0 || undefined}
              label={label}
              rules={rateRules(shortUnit)}
              ofMany
              placeholder="stays"
              value={values.rates[id]}
              disabled={off}
              rightSection={<span className={classes.unit}>{shortUnit}</span>}
              rightSectionWidth={48}
              onChange={(text) => onChange({ ...values, rates: { ...values.rates, [id]: text } })}
            />
          ))}
        </div>
        <Radio value="none" label="Take every rate limit away" size="xs" />
      </Stack>
    </Radio.Group>
  );
}

function RevokeFields({ values, onChange }: FormProps) {
  const { olderThanDays } = values;
  return (
    <NumberEntry
      label="Revoke access keys that the console first saw more than"
      description="Keys of the users and of their accounts, as last read. A revoked key can't be brought back."
      rules={daysRules}
      data-autofocus
      value={olderThanDays}
      error={olderThanDays.trim() === '' ? 'Enter a number of days.' : undefined}
      rightSection={<span className={classes.unit}>days ago</span>}
      rightSectionWidth={72}
      onChange={(text) => onChange({ ...values, olderThanDays: text })}
    />
  );
}
