import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './billing.module.css';
import { inCurrency } from './money.ts';
import { type PriceValues, priceFields } from './tariff-values.ts';

/** Hours in a twelfth of a year, as price lists have it. */
const monthHours = 730n;

/** The prices that hold from one date on, each with what it comes to in the currency. */
export function PriceColumn(props: {
  values: PriceValues;
  currency: string;
  minorDigits: number;
  fault(field: string): string | undefined;
  onChange(update: Partial<PriceValues>): void;
  remove: ReactNode;
}) {
  const { values, currency, minorDigits, fault, onChange } = props;
  const hint = (field: (typeof priceFields)[number][0], unit: string) =>
    field === 'storedPerGbHour'
      ? `${inCurrency(values[field], minorDigits, monthHours)} ${currency} a GB and month of 730 h`
      : `${inCurrency(values[field], minorDigits)} ${currency} a ${unit}`;
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
        <TextInput
          key={field}
          label={`${label}, per ${unit}`}
          description={hint(field, unit)}
          inputMode="decimal"
          value={values[field]}
          error={fault(field)}
          onChange={(event) => onChange({ [field]: event.currentTarget.value.trim() })}
        />
      ))}
      {props.remove}
    </div>
  );
}
