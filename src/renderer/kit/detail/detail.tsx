import { IconClock, IconCloudOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Time } from '../components/time.tsx';
import classes from './detail.module.css';

/**
 * Head of a detail: name, facts (id with copy, state), actions, and from when it is.
 * @param props.source `snapshot`: as last seen, which is said
 * @param props.facts id and state, in one line
 * @param props.children the figures that matter first, in one line
 */
export function DetailHead(props: {
  name: string;
  facts: ReactNode;
  source: 'gateway' | 'snapshot';
  /** The gateway is still being asked. */
  waiting?: boolean | undefined;
  asOf: string;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className={classes.head}>
      <div className={classes.headTop}>
        <h2 className={classes.name}>{props.name}</h2>
        <div className={classes.actions}>{props.actions}</div>
      </div>
      <div className={classes.facts}>{props.facts}</div>
      {props.children && <div className={classes.figures}>{props.children}</div>}
      <div className="oc-caption">
        {props.source === 'gateway' ? (
          <>
            Read from the gateway <Time value={props.asOf} as="age" />
          </>
        ) : (
          <span className="oc-icon-word oc-warning">
            {props.waiting ? (
              <IconClock size={12} aria-hidden />
            ) : (
              <IconCloudOff size={12} aria-hidden />
            )}
            <span>
              As last seen <Time value={props.asOf} as="age" />
              {props.waiting && '; reading from the gateway …'}
            </span>
          </span>
        )}
      </div>
    </header>
  );
}

/**
 * A section of a detail: heading with an aside (a count, a small button), a hairline, content.
 */
export function DetailSection(props: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={props.title}>
      <div className={classes.sectionHead}>
        <h3 className={classes.sectionTitle}>{props.title}</h3>
        <span className="oc-dimmed">{props.aside}</span>
      </div>
      {props.children}
    </section>
  );
}

/** Facts as pairs of name and value, aligned. For sections of a detail. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={classes.pairs}>{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.pair}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
