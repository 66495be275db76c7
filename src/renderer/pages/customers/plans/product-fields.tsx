import { MultiSelect } from '@mantine/core';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { Note } from '../../../kit/components/note.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import type { PlanValues } from './plan-values.ts';

type Product = CallOutput<'servicePlans.products'>[number];

/** The products that have the plan: a field for each billing connection, as two can have the same ids. */
export function ProductFields(props: {
  values: PlanValues['products'];
  onChange(products: PlanValues['products']): void;
}) {
  const { values, onChange } = props;
  const billing = useCall('billing.list', {}).data ?? [];
  const products = useCall('servicePlans.products', {}).data;
  const names = new Map(billing.map(({ id, name }) => [id, name]));
  const kept = Object.keys(values).filter((id) => !names.has(id) && values[id]?.length !== 0);
  const ids = [...names.keys(), ...kept];
  return (ids.length === 0 ? [''] : ids).map((id) => (
    <ProductField
      key={id}
      label={ids.length < 2 ? 'Products' : `Products in ${names.get(id) ?? 'a removed connection'}`}
      known={products?.filter(({ billingId }) => billingId === id) ?? null}
      canWarn={names.has(id)}
      value={values[id] ?? []}
      onChange={(productIds) => onChange({ ...values, [id]: productIds })}
    />
  ));
}

/** Products by name; any other id can be typed, and is said to have no service yet. */
function ProductField(props: {
  label: string;
  /** Null while they are read. */
  known: readonly Product[] | null;
  canWarn: boolean;
  value: readonly string[];
  onChange(productIds: string[]): void;
}) {
  const { label, value, onChange } = props;
  const known = props.known ?? [];
  const [search, setSearch] = useState('');
  const typed = search.trim();
  const names = new Map(known.map(({ productId, name }) => [productId, `${name} (${productId})`]));
  const isKnown = (id: string) => names.has(id) || value.includes(id);
  const others = value.filter((id) => !names.has(id));
  const data = [
    ...[...names].map(([id, name]) => ({ value: id, label: name })),
    ...others.map((id) => ({ value: id, label: id })),
    ...(typed === '' || isKnown(typed) ? [] : [{ value: typed, label: `Other product: ${typed}` }]),
  ];
  return (
    <>
      <MultiSelect
        label={label}
        description="Services of these products in the billing system have the plan."
        placeholder={value.length === 0 ? 'None' : ''}
        searchable
        clearable
        data={data}
        value={[...value]}
        searchValue={search}
        onSearchChange={setSearch}
        onChange={onChange}
      />
      {props.canWarn && props.known !== null && others.length > 0 && (
        <Note tone="warning" role="status">
          No service of the billing system has the product id {others.join(', ')} yet: nobody gets
          the plan by {agreeing(others.length, 'it', 'them')}.
        </Note>
      )}
    </>
  );
}
