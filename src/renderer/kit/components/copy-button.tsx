import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';

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
