import { useState } from 'react';
import type { WireInteger } from '#shared/units.ts';
import { OperationDialog } from '../../components/operation/operation-dialog.tsx';
import { openDialog } from '../../stores/dialogs.ts';
import { QuotaFields } from '../changes/change-form.tsx';
import { changeOf, emptyChange } from '../changes/change-values.ts';

/** Sets or takes away a default quota. */
function DefaultQuotaDialog(props: {
  of: 'user' | 'bucket';
  value: WireInteger | null;
  onClose(): void;
}) {
  const { of, value, onClose } = props;
  const [values, setValues] = useState(() => ({
    ...emptyChange('quota'),
    sizeGb: value === null || Number(value) === 0 ? '' : String(value),
    quota:
      value === null
        ? ('none' as const)
        : Number(value) === 0
          ? ('unlimited' as const)
          : ('value' as const),
  }));
  const change = changeOf(values);
  const target = { default: of };
  const form = <QuotaFields values={values} onChange={setValues} none="None: no default applies" />;
  if (change?.change === 'clearQuota') {
    return (
      <OperationDialog operation="quotas.clear" input={{ target }} form={form} onClose={onClose} />
    );
  }
  const input = change?.change === 'setQuota' ? { target, sizeGb: change.sizeGb } : null;
  return <OperationDialog operation="quotas.set" input={input} form={form} onClose={onClose} />;
}

/** Opens the dialog for one of the two default quotas. */
export function openDefaultQuota(of: 'user' | 'bucket', value: WireInteger | null): void {
  openDialog((close) => <DefaultQuotaDialog of={of} value={value} onClose={close} />);
}
