import { Button, Select } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isFree } from '#shared/billing/charges.ts';
import type { ChargedItem } from '#shared/charged-items.ts';
import { fromWireInteger } from '#shared/units.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import {
  formatCount,
  formatCounted,
  formatDateTime,
  formatPrice,
} from '../../../kit/components/format.ts';
import { type PlainColumn, PlainTable } from '../../../kit/components/plain-table.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import classes from './billing.module.css';
import { feeFields, freeFields, priceFields, priceOf, type Tariff } from './tariff-values.ts';

type Prices = Tariff['prices'][number];

/**
 * The details of a tariff: prices with their dates, allowances, versions.
 * @param props.version the one to begin with; null: the newest
 */
export function TariffDetail(props: { tariff: Tariff; version: string | null; onEdit(): void }) {
  const cluster = useCluster();
  const versions = useCall('tariffs.versions', {
    connectionId: cluster.id,
    tariffId: props.tariff.tariffId,
  }).data ?? [props.tariff];
  const [version, setVersion] = useState(props.version ?? String(props.tariff.version));
  const shown = versions.find((one) => String(one.version) === version) ?? props.tariff;
  return (
    <section className={classes.detail} aria-label="Tariff">
      <div className="oc-wrap-row">
        <h2 className={classes.name}>{shown.name}</h2>
        <Select
          aria-label="Version"
          w={260}
          data={[...versions]
            .sort((one, other) => other.version - one.version)
            .map((one) => ({
              value: String(one.version),
              label: `Version ${one.version}, ${formatDateTime(one.savedAt, 'local')}`,
            }))}
          value={version}
          onChange={(value) => setVersion(value ?? version)}
        />
        <Button onClick={props.onEdit}>Edit</Button>
        <RetireButton tariff={props.tariff} />
      </div>
      {shown.version !== props.tariff.version && (
        <p className="oc-dimmed">
          An older version: it never changes, and statements can still use it.
        </p>
      )}
      <p className={classes.about}>
        In {shown.currency}, with {shown.minorDigits} decimals. A GB is{' '}
        {shown.gigabyte === 'decimal' ? '1,000,000,000 bytes' : '1,073,741,824 bytes (2³⁰)'}. A
        statement stays a draft where sizes were not sampled for more than{' '}
        {formatCounted(shown.longestSampleGapHours, 'hour')}. Included amounts and tiers count per{' '}
        {shown.countPer ?? 'user'}.
      </p>
      <PricesTable tariff={shown} />
    </section>
  );
}

/** When prices begin, to the hour as bills count: `2026-10-01 UTC`, `2026-10-01 14:00 UTC`. */
function utcMoment(time: string): string {
  const hour = `${new Date(Date.parse(time)).toISOString().slice(0, 13).replace('T', ' ')}:00`;
  return `${hour.replace(' 00:00', '')} UTC`;
}

/** The first prices also hold before their date. */
function validityWords({ prices }: Tariff, index: number): string {
  if (prices.length === 1) return 'At any time';
  const begins = (at: number) => utcMoment(prices[at]?.validFrom ?? '');
  return index === 0 ? `Before ${begins(1)}` : `From ${begins(index)}`;
}

function PricesTable({ tariff }: { tariff: Tariff }) {
  const none = <span className="oc-faint">none</span>;
  const items = priceFields.map(([item, label, unit, tierUnit]) => ({
    label,
    per: item === 'stored' ? '' : ` per ${unit}`,
    price: (prices: Prices) => <ItemPrices prices={prices} item={item} tierUnit={tierUnit} />,
    included: includedWords(tariff, item) || none,
  }));
  const fees = feeFields.map(([field, label]) => ({
    label,
    per: ' per customer and month',
    price: (prices: Prices) => (isFree(prices[field]) ? none : formatPrice(prices[field] ?? '0')),
    included: null,
  }));
  return (
    <div className={classes.prices}>
      <PlainTable
        label="Prices"
        rows={[...items, ...fees]}
        rowKey={({ label }) => label}
        columns={[
          [
            `${tariff.currency}, per`,
            ({ label, per }) => (
              <>
                {label}
                <span className="oc-faint">{per}</span>
              </>
            ),
          ],
          ...tariff.prices.map(
            (prices, index): PlainColumn<(typeof items)[number] | (typeof fees)[number]> => [
              validityWords(tariff, index),
              ({ price }) => price(prices),
              'figure',
            ],
          ),
          ['Included in each statement', ({ included }) => included, 'figure'],
        ]}
      />
    </div>
  );
}

function ItemPrices(props: { prices: Prices; item: ChargedItem; tierUnit: string }) {
  const { prices, item, tierUnit } = props;
  const [price, unit] = priceOf(prices, item);
  return (
    <>
      {formatPrice(price)}
      {item === 'stored' && <span className="oc-faint"> per {unit}</span>}
      {(prices.tiers?.[item] ?? []).map((tier) => (
        <div key={tier.above}>
          <span className="oc-faint">
            above {formatCount(fromWireInteger(tier.above))} {tierUnit}
          </span>{' '}
          {formatPrice(tier.price)}
        </div>
      ))}
    </>
  );
}

const includedFields: Record<ChargedItem, readonly (keyof Tariff['free'])[]> = {
  stored: ['storedGb', 'storedGbHours'],
  downloaded: ['downloadedGb'],
  uploaded: ['uploadedGb'],
  put: ['put'],
  get: ['get'],
  list: ['list'],
  other: ['other'],
};

function includedWords({ free }: Tariff, item: ChargedItem): string {
  return freeFields
    .filter(([field]) => includedFields[item].includes(field) && String(free[field] ?? 0) !== '0')
    .map(([field, , unit]) => `${formatCount(fromWireInteger(free[field] ?? 0))} ${unit}`)
    .join(' and ');
}

function RetireButton({ tariff }: { tariff: Tariff }) {
  const cluster = useCluster();
  const call = useConsole();
  const client = useQueryClient();
  const open = () =>
    openDialog((close) => (
      <ConfirmDialog
        verb="Retire tariff"
        subject={tariff.name}
        destructive
        onClose={close}
        onConfirm={async () => {
          await call('tariffs.retire', { connectionId: cluster.id, tariffId: tariff.tariffId });
          await client.invalidateQueries({ queryKey: [cluster.id, 'tariffs.list'] });
        }}
      >
        <p className="oc-flush">
          The tariff is taken off the list. Its versions stay in the archive, so that statements
          made from it can be made again.
        </p>
      </ConfirmDialog>
    ));
  return <SecondaryButton onClick={open}>Retire</SecondaryButton>;
}
