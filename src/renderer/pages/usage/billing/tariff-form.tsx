import { Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { currencyDecimals } from '#shared/billing/money.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../../kit/components/buttons.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { NumberEntry } from '../../../kit/components/number-entry.tsx';
import { optionsOf } from '../../../kit/components/options.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useAction } from '../../../kit/use-action.ts';
import classes from './billing.module.css';
import { PriceColumn } from './price-column.tsx';
import { SampleBill } from './sample-bill.tsx';
import {
  freeFields,
  freeRules,
  newTariffValues,
  sampleGapRules,
  type Tariff,
  type TariffValues,
  tariffFaults,
  toTariffBody,
  toTariffValues,
} from './tariff-values.ts';

/** Creates a tariff, or the next version of one: a saved version never changes. */
export function TariffForm(props: {
  tariff: Tariff | null;
  onSaved(tariff: Tariff): void;
  onCancel(): void;
}) {
  const { tariff } = props;
  const cluster = useCluster();
  const call = useConsole();
  const client = useQueryClient();
  const [values, setValues] = useState(() =>
    tariff ? toTariffValues(tariff) : newTariffValues(new Date()),
  );
  const [tried, setTried] = useState(false);
  const { running: saving, error, run } = useAction();
  const faults = tariffFaults(values);
  const fault = (field: string) => (tried ? faults[field] : undefined);
  const change = (update: Partial<TariffValues>) => setValues({ ...values, ...update });

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(faults).length > 0) return;
    await run(async () => {
      const saved = await call('tariffs.save', {
        connectionId: cluster.id,
        ...(tariff ? { tariffId: tariff.tariffId } : {}),
        tariff: toTariffBody(values),
      });
      await client.invalidateQueries({
        queryKey: [cluster.id],
        predicate: ({ queryKey }) => String(queryKey[1]).startsWith('tariffs.'),
      });
      props.onSaved(saved);
    });
  };
  return (
    <div className="oc-scroll">
      <form className={classes.form} onSubmit={save} aria-label="Tariff" noValidate>
        <h2 className={classes.name}>
          {tariff ? `${tariff.name}: version ${tariff.version + 1}` : 'New tariff'}
        </h2>
        <GeneralFields values={values} change={change} fault={fault} />
        <Prices values={values} change={change} fault={fault} />
        <Free values={values} change={change} fault={fault} />
        <SampleBill values={values} />
        {error && <ErrorPanel error={error} compact />}
        {tried && Object.keys(faults).length > 0 && (
          <p role="alert" className={classes.fault}>
            Something above can’t be saved as it is.
          </p>
        )}
        <div className="oc-wrap-row">
          <SecondaryButton onClick={props.onCancel}>Cancel</SecondaryButton>
          <Button type="submit" loading={saving}>
            {tariff ? `Save version ${tariff.version + 1}` : 'Save tariff'}
          </Button>
        </div>
      </form>
    </div>
  );
}

interface PartProps {
  values: TariffValues;
  change(update: Partial<TariffValues>): void;
  fault(field: string): string | undefined;
}

function GeneralFields({ values, change, fault }: PartProps) {
  return (
    <div className={classes.fields}>
      <TextInput
        label="Name"
        required
        data-focus-home
        value={values.name}
        error={fault('name')}
        maxLength={120}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TextInput
        label="Currency"
        description={`ISO 4217: ${values.minorDigits} decimals`}
        required
        value={values.currency}
        error={fault('currency')}
        maxLength={3}
        onChange={(event) => {
          const currency = event.currentTarget.value.toUpperCase();
          change({ currency, minorDigits: currencyDecimals(currency) });
        }}
      />
      <Select
        label="A GB is"
        description="Sizes and traffic alike"
        data={optionsOf({ decimal: '10⁹ bytes', binary: '2³⁰ bytes' })}
        value={values.gigabyte}
        onChange={(value) => change({ gigabyte: value === 'binary' ? 'binary' : 'decimal' })}
      />
      <Select
        label="Numbers and dates"
        description="In PDFs of statements"
        searchable
        data={languages.includes(values.language) ? languageItems : [values.language]}
        value={values.language}
        onChange={(language) => change({ language: language ?? 'en-GB' })}
      />
      <NumberEntry
        label="Max. sampling gap (h)"
        description="Longer: a draft"
        rules={sampleGapRules}
        value={values.longestSampleGapHours}
        error={fault('longestSampleGapHours')}
        onChange={(longestSampleGapHours) => change({ longestSampleGapHours })}
      />
    </div>
  );
}

const languages =
  'en-GB en-US de-DE de-CH fr-FR es-ES it-IT nl-NL pl-PL cs-CZ pt-PT pt-BR sv-SE nb-NO da-DK fi-FI hu-HU ro-RO bg-BG el-GR tr-TR uk-UA ru-RU ja-JP'.split(
    ' ',
  );
const languageItems = languages.map((value) => ({
  value,
  label: new Intl.DisplayNames('en', { type: 'language' }).of(value) ?? value,
}));

function Prices({ values, change, fault }: PartProps) {
  const { prices } = values;
  const add = () => {
    const last = prices.at(-1);
    if (last) change({ prices: [...prices, { ...last, validFrom: '' }] });
  };
  return (
    <fieldset className={classes.group}>
      <legend className="oc-heading">Prices in {values.currency || 'the currency'}</legend>
      <div className={classes.priceColumns}>
        {prices.map((column, index) => (
          <PriceColumn
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is known by its place alone
            key={index}
            values={column}
            currency={values.currency}
            fault={(field) => fault(`prices.${index}.${field}`)}
            onChange={(update) =>
              change({
                prices: prices.map((one, at) => (at === index ? { ...one, ...update } : one)),
              })
            }
            remove={
              prices.length > 1 && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="gray"
                  leftSection={<IconTrash size={13} />}
                  onClick={() => change({ prices: prices.filter((_, at) => at !== index) })}
                >
                  Leave out
                </Button>
              )
            }
          />
        ))}
        <SecondaryButton
          leftSection={<IconPlus size={14} />}
          onClick={add}
          className={classes.addColumn ?? ''}
        >
          Prices change on…
        </SecondaryButton>
      </div>
    </fieldset>
  );
}

function Free({ values, change, fault }: PartProps) {
  return (
    <fieldset className={classes.group}>
      <legend className="oc-heading">
        Included in each statement <span className="oc-dimmed">(tiers count what exceeds it)</span>
      </legend>
      <Select
        label="Included amounts and tiers count per"
        description="Statements of a whole cluster always count per user."
        className={classes.countPer ?? ''}
        data={optionsOf({
          customer: 'Customer: all its users together',
          user: 'User: each by itself',
        })}
        value={values.countPer}
        onChange={(value) => change({ countPer: value === 'user' ? 'user' : 'customer' })}
      />
      <div className={classes.freeFields}>
        {freeFields.map(([field, label, unit]) => (
          <NumberEntry
            key={field}
            label={`${label}, ${unit}`}
            rules={freeRules}
            value={values.free[field]}
            error={fault(`free.${field}`)}
            onChange={(text) => change({ free: { ...values.free, [field]: text } })}
          />
        ))}
      </div>
    </fieldset>
  );
}
