import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ChargedItem } from '#shared/charged-items.ts';
import { readEnteredNumber } from '#shared/entered-number.ts';
import { formatPrice } from '../../../kit/components/format.ts';
import { NumberEntry } from '../../../kit/components/number-entry.tsx';
import { optionsOf } from '../../../kit/components/options.ts';
import classes from './billing.module.css';
import {
  feeFields,
  freeRules,
  type PriceValues,
  priceFields,
  priceRules,
  type TierValues,
} from './tariff-values.ts';

/** Hours in a twelfth of a year, as price lists have it. */
const monthHours = 730n;

interface ColumnProps {
  values: PriceValues;
  currency: string;
  fault(field: string): string | undefined;
  onChange(update: Partial<PriceValues>): void;
}

/** The prices that hold from one date on, in the currency. */
export function PriceColumn(props: ColumnProps & { remove: ReactNode }) {
  const { values, fault, onChange } = props;
  return (
    <div className={classes.priceColumn}>
      <TextInput
        label="Valid from"
        description="Midnight UTC, as billing months"
        type={/T/.test(values.validFrom) ? 'text' : 'date'}
        value={values.validFrom}
        error={fault('validFrom')}
        onChange={(event) => onChange({ validFrom: event.currentTarget.value })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Storage is charged by the"
        data={optionsOf({ month: 'GB-month', hour: 'GB-hour' })}
        value={values.storedPer}
        onChange={(value) => onChange({ storedPer: value === 'hour' ? 'hour' : 'month' })}
      />
      {priceFields.map(([item, label, unit]) => (
        <ItemPrice
          {...props}
          key={item}
          item={item}
          label={`${label}, per ${item === 'stored' ? `GB-${values.storedPer}` : unit}`}
        />
      ))}
      {feeFields.map(([field, label]) => (
        <MoneyEntry
          key={field}
          label={`${label}, per customer and month`}
          currency={props.currency}
          value={values[field]}
          error={fault(field)}
          onChange={(text) => onChange({ [field]: text })}
        />
      ))}
      {props.remove}
    </div>
  );
}

function MoneyEntry(props: {
  label: string;
  description?: string | undefined;
  currency: string;
  value: string;
  error: string | undefined;
  onChange(text: string): void;
}) {
  const { currency } = props;
  return (
    <NumberEntry
      {...props}
      rules={priceRules(currency)}
      rightSection={<span className="oc-dimmed">{currency}</span>}
      rightSectionWidth={48}
    />
  );
}

function ItemPrice(props: ColumnProps & { item: ChargedItem; label: string }) {
  const { values, currency, fault, onChange, item, label } = props;
  const tiers = values.tiers[item];
  const setTiers = (next: TierValues[]) => onChange({ tiers: { ...values.tiers, [item]: next } });
  const { value } = readEnteredNumber(values[item], priceRules(currency));
  const isHourly = item === 'stored' && values.storedPer === 'hour';
  const [name = ''] = label.split(',');
  return (
    <div className={classes.itemPrice}>
      <MoneyEntry
        label={label}
        description={
          isHourly && value !== undefined
            ? `${formatPrice(value, monthHours)} ${currency} per GB and month of 730 h`
            : undefined
        }
        currency={currency}
        value={values[item]}
        error={fault(item)}
        onChange={(text) => onChange({ [item]: text })}
      />
      {tiers.map((tier, index) => (
        <TierEntry
          // biome-ignore lint/suspicious/noArrayIndexKey: a tier is known by its place alone
          key={index}
          name={`${name}, tier ${index + 1}`}
          unit={priceFields.find(([one]) => one === item)?.[3] ?? ''}
          tier={tier}
          currency={currency}
          fault={(field) => fault(`tiers.${item}.${index}.${field}`)}
          onChange={(update) =>
            setTiers(tiers.map((one, at) => (at === index ? { ...one, ...update } : one)))
          }
          onRemove={() => setTiers(tiers.filter((_, at) => at !== index))}
        />
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        className={classes.addTier ?? ''}
        leftSection={<IconPlus size={12} />}
        aria-label={`Add tier: ${name}`}
        onClick={() => setTiers([...tiers, { above: '', price: values[item] }])}
      >
        Add tier
      </Button>
    </div>
  );
}

function TierEntry(props: {
  name: string;
  unit: string;
  tier: TierValues;
  currency: string;
  fault(field: string): string | undefined;
  onChange(update: Partial<TierValues>): void;
  onRemove(): void;
}) {
  const { name, unit, tier, currency, fault, onChange } = props;
  return (
    <div className={classes.tier}>
      <NumberEntry
        aria-label={`${name}: above, in ${unit}`}
        placeholder={`above, ${unit}`}
        size="xs"
        rules={{ ...freeRules, least: 1 }}
        value={tier.above}
        error={fault('above')}
        onChange={(above) => onChange({ above })}
      />
      <NumberEntry
        aria-label={`${name}: price`}
        size="xs"
        rules={priceRules(currency)}
        value={tier.price}
        error={fault('price')}
        onChange={(price) => onChange({ price })}
      />
      <ActionIcon aria-label={`Delete ${name}`} size="sm" onClick={props.onRemove}>
        <IconX size={13} />
      </ActionIcon>
    </div>
  );
}
