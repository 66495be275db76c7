import { Button, FileInput, SegmentedControl, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { decodeText } from '#shared/csv.ts';
import { readEnteredNumber } from '#shared/entered-number.ts';
import { travelsInClear } from '#shared/plain-http.ts';
import { adminAreaOf, usualAdminArea } from '#shared/whmcs-links.ts';
import { roleActions } from '#shared/whmcs-role.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { CopyButton } from '../../kit/components/identifier.tsx';
import { NumberEntry } from '../../kit/components/number-entry.tsx';
import { optionsOf } from '../../kit/components/options.ts';
import { OptionalSecretInput, SecretInput } from '../../kit/components/secret-field.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { timeoutRules } from './connection-values.ts';
import classes from './connections.module.css';
import { EnvironmentField } from './environment-field.tsx';
import { SecretPlace } from './secret-state.tsx';
import { ProxyFields, TrustFields } from './way-fields.tsx';
import { type WayValues, wayInput, wayRules, wayValuesOf } from './way-values.ts';

type Billing = CallOutput<'billing.list'>[number];

/** Default timeout of WHMCS, seconds. */
const usualSeconds = 30;

interface BillingValues extends WayValues {
  /** As typed. */
  timeoutSeconds: string;
  kind: Billing['kind'];
  name: string;
  url: string;
  /** Empty: nothing links to WHMCS. */
  adminUrl: string;
  identifier: string;
  secret: string;
  accessKey: string;
  hasAccessKey: boolean;
  removeAccessKey: boolean;
  /** Empty: of before there were any. */
  environment: NonNullable<Billing['environment']> | '';
  readOnly: boolean;
  file: File | null;
}

function valuesOf(system: Billing | null): BillingValues {
  return {
    kind: system?.kind ?? 'whmcs',
    name: system?.name ?? '',
    url: system?.url ?? '',
    adminUrl: system?.adminUrl ?? '',
    identifier: system?.identifier ?? '',
    secret: '',
    accessKey: '',
    hasAccessKey: system?.hasAccessKey ?? false,
    removeAccessKey: false,
    environment: system ? (system.environment ?? '') : 'production',
    readOnly: system?.readOnly ?? false,
    file: null,
    ...wayValuesOf(system),
    timeoutSeconds: String(system?.timeoutSeconds ?? usualSeconds),
  };
}

async function toInput(values: BillingValues): Promise<CallInput<'billing.save'>> {
  const { kind, name, url, adminUrl, identifier, secret, readOnly, file } = values;
  const accessKey = values.removeAccessKey ? null : values.accessKey;
  if (kind === 'file') {
    const text = file && decodeText(new Uint8Array(await file.arrayBuffer())).text;
    return { kind, name, readOnly, ...(text === null ? {} : { csv: text }) };
  }
  return {
    kind,
    name,
    url,
    identifier,
    ...(values.environment === '' ? {} : { environment: values.environment }),
    readOnly,
    ...wayInput(values),
    timeoutSeconds: Number(readEnteredNumber(values.timeoutSeconds, timeoutRules).value),
    ...(adminUrl.trim() === '' ? {} : { adminUrl }),
    ...(secret === '' ? {} : { secret }),
    ...(accessKey === '' ? {} : { accessKey }),
  };
}

/** What is saved to trust one certificate from now on, all else as it is. */
export function pinnedInput(system: Billing, fingerprint256: string) {
  return toInput({ ...valuesOf(system), trust: 'pin', fingerprint256 });
}

function adminUrlProblem(text: string): string | null {
  if (text.trim() === '' || adminAreaOf(text) !== null) return null;
  return 'Enter an address such as https://billing.example.com/admin, or leave it empty.';
}

/** The minimal role that the credential needs, to be copied for the WHMCS administrator. */
function RoleActions({ readOnly }: { readOnly: boolean }) {
  const actions = roleActions(readOnly);
  return (
    <div className={`oc-caption ${classes.role}`}>
      <span>
        Its API role has to allow: <span className="oc-mono">{actions}</span>
      </span>
      <CopyButton value={actions} label="Copy the actions of the API role" />
    </div>
  );
}

/**
 * The form of a billing connection.
 * @param props.system null: a new one
 * @param props.onSubmit saves, tests and reads customers
 */
export function BillingForm(props: {
  system: Billing | null;
  busy: boolean;
  onSubmit(input: CallInput<'billing.save'>): void;
}) {
  const { system, busy } = props;
  const required = (what: string) => (value: string) =>
    value.trim() === '' ? `Enter ${what}.` : null;
  const form = useForm<BillingValues>({
    initialValues: valuesOf(system),
    validate: (values) => ({
      name: required('a name')(values.name),
      ...(values.kind === 'file'
        ? { file: !system && !values.file ? 'Select a CSV file.' : null }
        : {
            url: required('the address of WHMCS')(values.url),
            adminUrl: adminUrlProblem(values.adminUrl),
            identifier: required('the identifier')(values.identifier),
            secret: system?.hasCredential ? null : required('the secret')(values.secret),
            ca: wayRules.ca(values.ca, values),
            fingerprint256: wayRules.fingerprint256(values.fingerprint256, values),
            proxyUrl: wayRules.proxyUrl(values.proxyUrl, values),
            proxyUsername: wayRules.proxyUsername(values.proxyUsername, values),
            timeoutSeconds: readEnteredNumber(values.timeoutSeconds, timeoutRules).error ?? null,
          }),
    }),
  });
  const [inClear, setInClear] = useState<BillingValues | null>(null);
  const submit = async (values: BillingValues) => props.onSubmit(await toInput(values));
  const stored = system?.hasCredential ? 'Stored; leave empty to keep it' : '';
  return (
    <>
      <form
        className={classes.form}
        noValidate
        onSubmit={form.onSubmit(
          (values) => {
            const isNew = values.kind === 'whmcs' && values.url !== system?.url;
            if (isNew && travelsInClear(values.url)) setInClear(values);
            else void submit(values);
          },
          (errors) => form.getInputNode(Object.keys(errors)[0] ?? 'name')?.focus(),
        )}
      >
        <SegmentedControl
          aria-label="Kind of billing system"
          disabled={system !== null}
          data={optionsOf({ whmcs: 'WHMCS', file: 'Table of customers' })}
          {...form.getInputProps('kind')}
        />
        <TextInput
          label="Name"
          placeholder="Billing"
          data-focus-home
          {...form.getInputProps('name')}
        />
        {form.values.kind === 'whmcs' ? (
          <>
            <TextInput
              label="Address"
              description="Of WHMCS itself, with its path if it has one."
              placeholder="https://billing.example.com"
              spellCheck={false}
              {...form.getInputProps('url')}
              onBlur={() => {
                const isUntouched = !form.isTouched('adminUrl') && form.values.adminUrl === '';
                if (system === null && isUntouched) {
                  form.setFieldValue('adminUrl', usualAdminArea(form.values.url));
                }
              }}
            />
            {travelsInClear(form.values.url) && (
              <StateBadge tone="warning">Plain http: the secret is sent unencrypted</StateBadge>
            )}
            <TextInput
              label="Admin area"
              description="Optional. Where you open WHMCS in a browser: clients, services, invoices and orders link there. Correct it if the directory was renamed."
              placeholder="No links to WHMCS"
              spellCheck={false}
              {...form.getInputProps('adminUrl')}
            />
            <TextInput
              label="Identifier"
              description="Of an API credential, in WHMCS under Manage API Credentials."
              spellCheck={false}
              classNames={{ input: 'oc-mono' }}
              {...form.getInputProps('identifier')}
            />
            <RoleActions readOnly={form.values.readOnly} />
            <SecretInput
              label="Secret"
              description={<SecretPlace />}
              placeholder={stored}
              {...form.getInputProps('secret')}
            />
            <OptionalSecretInput
              label="Access key"
              description="Optional. Lets WHMCS answer addresses that are not on its list of allowed ones."
              stored={form.values.hasAccessKey}
              removed={form.values.removeAccessKey}
              onRemove={(removed) => form.setFieldValue('removeAccessKey', removed)}
              {...form.getInputProps('accessKey')}
            />
            <EnvironmentField
              input={form.getInputProps('environment')}
              value={form.values.environment}
              production="Draft invoices, billable items, notes, user ids and usage figures are locked until you unlock them for a few minutes."
            />
            <TrustFields form={form} />
            <ProxyFields form={form} />
            <NumberEntry
              label="Timeout (s)"
              description="1 to 600 without an answer"
              rules={timeoutRules}
              {...form.getInputProps('timeoutSeconds')}
              value={form.values.timeoutSeconds}
            />
            <Switch
              label="Read-only: the console changes nothing in this billing system"
              {...form.getInputProps('readOnly', { type: 'checkbox' })}
            />
          </>
        ) : (
          <FileInput
            label="Table"
            description="CSV with the columns customer id, name, company, email, status, service id, product id, product name, service status; a column currency says in what each customer pays."
            placeholder={system ? 'Stored; select a file to replace it' : 'Select a CSV file'}
            accept=".csv,text/csv"
            {...form.getInputProps('file')}
          />
        )}
        <div className={classes.buttons}>
          <Button type="submit" loading={busy}>
            Save, test and read customers
          </Button>
        </div>
      </form>
      {inClear && (
        <ConfirmDialog
          verb="Save with plain http"
          onConfirm={() => submit(inClear)}
          onClose={() => setInClear(null)}
        >
          <p className="oc-flush">
            The secret of the API credential and customers’ data are sent unencrypted to{' '}
            <span className="oc-mono">{inClear.url}</span>: anyone on the network path can read them
            and create invoices. Use https:// if WHMCS supports it.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
