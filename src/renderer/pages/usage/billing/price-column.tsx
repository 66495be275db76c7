import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { readEnteredNumber } from '#shared/entered-number.ts';
import { NumberEntry } from '../../../kit/components/number-entry.tsx';
import classes from './billing.module.css';
import { formatPrice } from './money.ts';
import { type PriceValues, priceFields, priceRules } from './tariff-values.ts';

/** Hours in a twelfth of a year, as price lists have it. */
const monthHours = 730n;

/** The prices that hold from one date on, in the currency. */
export function PriceColumn(props: {
  values: PriceValues;
  currency: string;
  minorDigits: number;
  fault(field: string): string | undefined;
  onChange(update: Partial<PriceValues>): void;
  remove: ReactNode;
}) {
  const { values, currency, minorDigits, fault, onChange } = props;
  const rules = priceRules(currency, minorDigits);
  const hint = (field: (typeof priceFields)[number][0]) => {
    const { value } = readEnteredNumber(values[field], rules);
    if (field !== 'storedPerGbHour' || value === undefined) return undefined;
    return `${formatPrice(value, 0, monthHours)} ${currency} per GB and month of 730 h`;
  };
  return (
    <div className={classes.priceColumn}>
      <TextInput
        label="Valid from"
        description="Midnight UTC"
        type={/T/.test(values.validFrom) ? 'text' : 'date'}
        value={values.validFrom}
        error={fault('validFrom')}
        onChange={(event) => onChange({ validFrom: event.currentTarget.value })}
      />
      {priceFields.map(([field, label, unit]) => (
        <NumberEntry
          key={field}
          label={`${label}, per ${unit}`}
          description={hint(field)}
          rules={rules}
          value={values[field]}
          error={fault(field)}
          rightSection={<span className="oc-dimmed">{currency}</span>}
          rightSectionWidth={48}
          onChange={(text) => onChange({ [field]: text })}
        />
      ))}
      {props.remove}
    </div>
  );
}
