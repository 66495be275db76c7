import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useCall } from '../../../kit/rpc/use-call.ts';
import classes from './customers.module.css';

/**
 * A page of WHMCS, opened in the operator's browser; the text alone where the address of its admin area
 * is not known.
 * @param props.page yields the page's address from that of the admin area
 * @param props.label what the link is called where its text does not say it
 */
export function WhmcsLink(props: {
  billingId: string;
  page(area: string): string;
  label?: string;
  children: ReactNode;
}) {
  const systems = useCall('billing.list', {}).data;
  const area = systems?.find(({ id }) => id === props.billingId)?.adminUrl;
  if (area === undefined) return props.children;
  return (
    <a
      href={props.page(area)}
      target="_blank"
      rel="noopener noreferrer"
      className={classes.outside}
      title={props.label ?? 'Open in WHMCS'}
      aria-label={props.label}
    >
      {props.children}
      <IconExternalLink size={12} aria-hidden />
    </a>
  );
}
