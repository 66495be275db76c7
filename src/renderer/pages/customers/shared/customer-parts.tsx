import { type ReactNode, useEffect, useRef } from 'react';
import { NavLink } from 'react-router';
import { customerPartPath, customersPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { PageBar } from '../../../kit/components/page-bar.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { BillingTrouble } from './billing-freshness.tsx';
import classes from './customers.module.css';

const parts = [
  ['plans', 'Service plans'],
  ['drift', 'Plan drift'],
  ['statements', 'Statements'],
  ['invoices', 'Invoices'],
  ['history', 'History'],
] as const;

export function CustomerParts() {
  const cluster = useCluster();
  return (
    <nav aria-label="Parts of Customers" className={classes.parts}>
      <NavLink end to={customersPath(cluster.id)} className="oc-tab">
        Customers
      </NavLink>
      {parts.map(([part, label]) => (
        <NavLink key={part} to={customerPartPath(cluster.id, part)} className="oc-tab">
          {label}
        </NavLink>
      ))}
    </nav>
  );
}

/** A part of Customers: page bar, tabs, what is in it. */
export function CustomerPartPage(props: {
  title: string;
  count?: number | undefined;
  primaryAction?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="oc-page">
      <PageBar
        title={props.title}
        count={props.count ?? null}
        primaryAction={props.primaryAction}
      />
      <CustomerParts />
      <BillingTrouble />
      {props.children}
    </div>
  );
}

/** What is open next to a list; in a narrow window below it, where it is scrolled to. */
export function OpenSide({ label, children }: { label: string; children: ReactNode }) {
  const side = useRef<HTMLElement>(null);
  // in braces: what newer Chromium returns is no clean-up
  useEffect(() => {
    side.current?.scrollIntoView();
  }, []);
  return (
    <aside ref={side} className={classes.side} aria-label={label}>
      {children}
    </aside>
  );
}

/** Returns the name of each cluster by its id. */
export function useClusterNames(): (id: string) => string {
  const connections = useCall('connections.list', {}).data ?? [];
  return (id) => connections.find((connection) => connection.id === id)?.name ?? id;
}
