import { SegmentedControl, type SegmentedControlProps } from '@mantine/core';
import { useEffect, useState } from 'react';

/**
 * A segmented control over a value that follows its selection a moment later, such as one in the address:
 * it shows what was selected at once, and arrows pressed meanwhile start from there.
 */
export function Segments(props: SegmentedControlProps & { value: string }) {
  const { value, onChange } = props;
  const [selected, setSelected] = useState<string | null>(null);
  useEffect(() => {
    if (value === selected) setSelected(null);
  }, [value, selected]);
  return (
    <SegmentedControl
      {...props}
      value={selected ?? value}
      onChange={(next) => {
        setSelected(next);
        onChange?.(next);
      }}
    />
  );
}
