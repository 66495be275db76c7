import { Table } from '@mantine/core';
import { useState } from 'react';
import { sampleBill } from '#shared/billing/sample-bill.ts';
import { type ChargedItem, chargedItems } from '#shared/charged-items.ts';
import { readEnteredNumber } from '#shared/entered-number.ts';
import { feeWords, itemWords, shortUnits } from '../../../changes/statements/charged-item.tsx';
import { formatMoney, formatPrice } from '../../../kit/components/format.ts';
import { NumberEntry } from '../../../kit/components/number-entry.tsx';
import classes from './billing.module.css';
import {
  freeRules,
  priceFields,
  type Tariff,
  type TariffBody,
  type TariffValues,
  tariffFaults,
  toTariffBody,
} from './tariff-values.ts';

const usual: Record<ChargedItem, string> = {
  stored: '1000',
  downloaded: '100',
  uploaded: '100',
  put: '100000',
  get: '1000000',
  list: '10000',
  other: '10000',
};

/** Shows what a month would cost by the tariff as it is typed, by the same rules as statements. */
export function SampleBill({ values }: { values: TariffValues }) {
  const [typed, setTyped] = useState(usual);
  const faults = tariffFaults({ ...values, name: 'Sample' });
  const amounts = Object.entries(typed).map(([item, text]) => [
    item,
    readEnteredNumber(text, freeRules).value,
  ]);
  const isReadable = amounts.every(([, value]) => value !== undefined);
  return (
    <fieldset className={classes.group}>
      <legend className="oc-heading">Sample bill of a month</legend>
      <div className={classes.freeFields}>
        {priceFields.map(([item, label, , unit]) => (
          <NumberEntry
            key={item}
            label={`${label}, ${unit}`}
            aria-label={`Sample: ${label}, ${unit}`}
            rules={freeRules}
            value={typed[item]}
            onChange={(text) => setTyped({ ...typed, [item]: text })}
          />
        ))}
      </div>
      {isReadable && Object.keys(faults).length === 0 ? (
        <Bill
          tariff={toSavedTariff(toTariffBody(values))}
          amounts={
            Object.fromEntries(
              amounts.map(([item, value]) => [item, BigInt(value ?? 0)]),
            ) as Record<ChargedItem, bigint>
          }
        />
      ) : (
        <p className="oc-dimmed">The bill shows once every price and amount can be read.</p>
      )}
    </fieldset>
  );
}

function toSavedTariff(body: TariffBody): Tariff {
  return {
    ...body,
    pricesIn: 'currency',
    longestSampleGapHours: body.longestSampleGapHours ?? 24,
    tariffId: 'sample',
    version: 1,
    savedAt: new Date(0).toISOString(),
  };
}

function Bill({ tariff, amounts }: { tariff: Tariff; amounts: Record<ChargedItem, bigint> }) {
  const { currency, minorDigits, prices } = tariff;
  const last = new Date(prices.at(-1)?.validFrom ?? 0);
  const now = new Date();
  const bill = sampleBill(tariff, amounts, last > now ? last : now);
  const ordered = chargedItems.flatMap((item) => bill.lines.filter((line) => line.item === item));
  const money = (amount: number | string) => formatMoney(amount, '', minorDigits).trimEnd();
  return (
    <Table fz={12} aria-label="Sample bill" className={classes.prices ?? ''} mt={12}>
      <Table.Tbody>
        {ordered.map((line) => (
          <Table.Tr key={`${line.item} ${line.from} ${line.above}`}>
            <Table.Td>{itemWords[line.item]}</Table.Td>
            <Table.Td ta="right" className="oc-number">
              {shortUnits(line.billableUnits)} {line.unit} × {formatPrice(line.price)}
            </Table.Td>
            <Table.Td ta="right" className="oc-number">
              {money(line.amount)}
            </Table.Td>
          </Table.Tr>
        ))}
        {bill.fees.map((fee) => (
          <Table.Tr key={`${fee.kind} ${fee.from}`}>
            <Table.Td>{feeWords[fee.kind]}</Table.Td>
            <Table.Td />
            <Table.Td ta="right" className="oc-number">
              {money(fee.amount)}
            </Table.Td>
          </Table.Tr>
        ))}
        <Table.Tr>
          <Table.Th colSpan={2}>Total, {currency}</Table.Th>
          <Table.Td ta="right" className="oc-number">
            <strong>{money(bill.total.toString())}</strong>
          </Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}
