import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { shortenMiddle } from './format.ts';
import classes from './identifier.module.css';

/**
 * An id or key id: monospaced, shortened in the middle where long, whole on hover and when copied.
 * @param props.value the whole id
 * @param props.what what it is, for the copy button: `user id`
 * @param props.length characters shown before it is shortened
 * @param props.copy whether a copy button is next to it (appears on hover inside table rows)
 */
export function Identifier(props: {
  value: string;
  what: string;
  length?: number;
  copy?: boolean;
}) {
  const { value, what, length = 20, copy = true } = props;
  const short = shortenMiddle(value, length);
  return (
    <span className={classes.root}>
      <span className={`oc-mono ${classes.text}`} data-hint={short === value ? undefined : value}>
        {short}
      </span>
      {copy && (
        <span className={classes.copy} data-row-hover>
          <CopyButton key={value} value={value} label={`Copy ${what}`} />
        </span>
      )}
    </span>
  );
}

/**
 * Puts a text on the clipboard and says so.
 * @param props.value what is copied
 * @param props.label what it is, for the tooltip and screen readers: `Copy user id`
 */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const { copied, copy } = useClipboard({ timeout: 1500 });
  const words = copied ? 'Copied' : label;
  return (
    <button
      type="button"
      className="oc-icon-button"
      aria-label={words}
      data-hint={words}
      onClick={(event) => {
        event.stopPropagation();
        copy(value);
      }}
    >
      {copied ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden />}
    </button>
  );
}
