import type { ReactNode } from 'react';
import { CopyButton } from '../../kit/components/identifier.tsx';
import classes from './settings.module.css';

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section id={title.toLowerCase()} className={classes.section} aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      {children}
    </section>
  );
}

export function Setting(props: { name: ReactNode; hint?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.setting}>
      <div className={classes.name}>
        {props.name}
        {props.hint && <div className="oc-caption">{props.hint}</div>}
      </div>
      <div className={classes.value}>{props.children}</div>
    </div>
  );
}

/** A path with a button that copies it. */
export function Path({ value, what }: { value: string; what: string }) {
  return (
    <span className="oc-path">
      <span className="oc-mono">{value}</span>
      <CopyButton value={value} label={`Copy ${what}`} />
    </span>
  );
}
