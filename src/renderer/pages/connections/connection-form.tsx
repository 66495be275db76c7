import { Autocomplete, Button, Collapse, Select, Switch, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { flushSync } from 'react-dom';
import { compareNames } from '#shared/collation-key.ts';
import { travelsInClear } from '#shared/plain-http.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { QuietButton, SecondaryButton } from '../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { NumberEntry } from '../../kit/components/number-entry.tsx';
import { optionsOf } from '../../kit/components/options.ts';
import { SecretInput } from '../../kit/components/secret-field.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import {
  type ConnectionValues,
  connectionRules,
  parallelRules,
  timeoutRules,
  valuesOf,
} from './connection-values.ts';
import classes from './connections.module.css';
import { EnvironmentField } from './environment-field.tsx';
import { SecretPlace } from './secret-state.tsx';
import { ProxyFields, TrustFields } from './way-fields.tsx';

/** Fields in the collapsed section that only some sites need. */
const specialFields: ReadonlySet<string> = new Set([
  'ca',
  'fingerprint256',
  'proxyUrl',
  'proxyUsername',
  'maxConnections',
  'timeoutSeconds',
]);

type Form = UseFormReturnType<ConnectionValues>;

/** Fields of the form that show a field of the connection under other names. */
const shownAs: Readonly<Record<string, readonly string[]>> = {
  tls: ['trust', 'ca', 'fingerprint256'],
  proxy: ['proxyMode', 'proxyUrl', 'proxyUsername'],
};

/**
 * The form of a connection: what it is, how to sign in, what guards it, and what only some sites need.
 * @param props.connection null: a new one
 * @param props.original a connection whose settings, but for name and secret, a new one begins with
 * @param props.start values that take the place of the saved ones
 * @param props.onSubmit saves, and tests where asked
 * @param props.onTest tests what is entered, without saving it
 */
export function ConnectionForm(props: {
  connection: Connection | null;
  original?: Connection | null;
  start?: ConnectionValues | null;
  busy: boolean;
  onSubmit(values: ConnectionValues, test: boolean): void;
  onTest(values: ConnectionValues): void;
}) {
  const { connection, busy } = props;
  const stored = connection?.hasCredential ?? false;
  const managed = new Set(
    connection?.managedFields?.flatMap((field) => shownAs[field] ?? [field]) ?? [],
  );
  const form = useForm<ConnectionValues>({
    initialValues:
      props.start ??
      (props.original
        ? { ...valuesOf(props.original), name: '', hasProxyPassword: false }
        : valuesOf(connection)),
    validate: connectionRules(stored),
    enhanceGetInputProps: ({ field }) => (managed.has(String(field)) ? { disabled: true } : {}),
  });
  const special = form.values;
  const [advanced, setAdvanced] = useState(
    special.trust !== 'system' || special.proxyMode !== 'system' || special.signature !== 'auto',
  );
  const [plain, setPlain] = useState<{ values: ConnectionValues; test: boolean } | null>(null);
  const whenValid = (act: (values: ConnectionValues) => void) =>
    form.onSubmit(act, (errors) => {
      const [first] = Object.keys(errors);
      if (first === undefined) return;
      // The field must be on screen before it can have the focus.
      if (specialFields.has(first)) flushSync(() => setAdvanced(true));
      form.getInputNode(first)?.focus();
    });
  const submit = (test: boolean) =>
    whenValid((values) => {
      const { endpoint } = values;
      if (!travelsInClear(endpoint) || endpoint === connection?.endpoint) {
        props.onSubmit(values, test);
      } else setPlain({ values, test });
    });
  return (
    <>
      <form className={classes.form} onSubmit={submit(true)} noValidate>
        {managed.size > 0 && <Managed />}
        <Fieldset title="Cluster">
          <TextInput
            label="Name"
            placeholder="Rack 7, Zürich"
            data-focus-home
            autoFocus={!connection}
            {...form.getInputProps('name')}
          />
          <FolderField form={form} />
          <TextInput
            label="Endpoint"
            description="Address of the S3 gateway, as tenants use it."
            placeholder="https://s3.example.com"
            spellCheck={false}
            {...form.getInputProps('endpoint')}
          />
          {travelsInClear(form.values.endpoint) && <PlainHttp form={form} />}
          <EnvironmentField
            input={form.getInputProps('environment')}
            value={form.values.environment}
            production="Changes are locked until you unlock them for a few minutes; deletions ask you to type the name."
          />
        </Fieldset>
        <Fieldset title="System user">
          <TextInput
            label="Access key id"
            description="Of a user that was created with the system flag."
            spellCheck={false}
            classNames={{ input: 'oc-mono' }}
            {...form.getInputProps('accessKeyId')}
          />
          <SecretInput
            label="Secret key"
            description={<SecretPlace />}
            placeholder={stored ? 'Stored; leave empty to keep it' : ''}
            {...form.getInputProps('secretKey')}
          />
          <Select
            label="Keep the secret key"
            data={optionsOf({
              keychain: 'In the keychain',
              session: 'For this session only, in no keychain',
              ask: 'Nowhere: ask each time the cluster is opened',
            })}
            {...form.getInputProps('secretKeeping')}
          />
        </Fieldset>
        <Fieldset title="Guard">
          <Switch
            label="Read-only: the console sends nothing that changes this cluster"
            {...form.getInputProps('readOnly', { type: 'checkbox' })}
          />
        </Fieldset>
        <QuietButton
          className={classes.advanced ?? ''}
          aria-expanded={advanced}
          leftSection={advanced ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
          onClick={() => setAdvanced(!advanced)}
        >
          Certificate, proxy, signature
        </QuietButton>
        <Collapse expanded={advanced}>
          <div className={classes.form}>
            <Fieldset title="Certificate">
              <TrustFields form={form} />
            </Fieldset>
            <Fieldset title="Proxy">
              <ProxyFields form={form} />
            </Fieldset>
            <Requests form={form} />
          </div>
        </Collapse>
        <div className={classes.buttons}>
          <Button type="submit" loading={busy}>
            Save and test
          </Button>
          <SecondaryButton disabled={busy} onClick={() => submit(false)()}>
            Save
          </SecondaryButton>
          <SecondaryButton
            disabled={busy}
            title="Nothing is saved; the secret key is used for the test alone"
            onClick={() => whenValid(props.onTest)()}
          >
            Test without saving
          </SecondaryButton>
        </div>
      </form>
      {plain && (
        <ConfirmDialog
          verb="Save with plain http"
          onConfirm={async () => props.onSubmit(plain.values, plain.test)}
          onClose={() => setPlain(null)}
        >
          <p className="oc-flush">
            Everything sent to <span className="oc-mono">{plain.values.endpoint}</span> is
            unencrypted: names, usage, and every key in the gateway’s answers. Signature V2 covers
            neither parameters nor body, so anyone on the network path can change a request.
          </p>
          <p className="oc-flush">Use https:// if the gateway supports it.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function Managed() {
  const policy = useCall('app.info', {}).data?.policy;
  return (
    <div>
      <StateBadge tone="idle">{`Managed by ${policy?.organization ?? 'your administrator'}`}</StateBadge>
      <div className="oc-caption">
        What the policy sets can’t be changed here; enter the secret key.{' '}
        {policy && <span className="oc-mono">{policy.path}</span>}
      </div>
    </div>
  );
}

function FolderField({ form }: { form: Form }) {
  const connections = useCall('connections.list', {}).data ?? [];
  const folders = [...new Set(connections.flatMap(({ group }) => group ?? []))].sort(compareNames);
  return (
    <Autocomplete
      label="Folder"
      placeholder="None"
      data={folders}
      maxLength={60}
      {...form.getInputProps('group')}
    />
  );
}

function PlainHttp({ form }: { form: Form }) {
  return (
    <div>
      <StateBadge tone="warning">Plain http: nothing is encrypted</StateBadge>
      <Switch
        mt={6}
        label="Secret keys may be generated and shown over plain http"
        {...form.getInputProps('secretsOverPlainHttp', { type: 'checkbox' })}
      />
    </div>
  );
}

function Fieldset({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="oc-form">
      <legend className={classes.legend}>{title}</legend>
      {children}
    </fieldset>
  );
}

function Requests({ form }: { form: Form }) {
  return (
    <Fieldset title="Requests">
      <div className={classes.pair}>
        <Select
          label="Signature"
          data={optionsOf({
            auto: 'Detect automatically',
            v2: 'Signature V2',
            'v2-unsigned-payload': 'V2, payload not signed',
            v4: 'Signature V4',
          })}
          {...form.getInputProps('signature')}
        />
        <TextInput
          label="Region"
          description="For Signature V4 only."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          spellCheck={false}
          {...form.getInputProps('region')}
        />
      </div>
      <TextInput
        label="Volume id"
        description="For the ostor-s3-admin lines; ostor-ctl get-config prints it (VOL_ID)."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        placeholder="0100000000000002"
        spellCheck={false}
        classNames={{ input: 'oc-mono' }}
        {...form.getInputProps('volumeId')}
      />
      <div className={classes.pair}>
        <NumberEntry
          label="Parallel requests"
          description="1 to 64"
          rules={parallelRules}
          {...form.getInputProps('maxConnections')}
          value={form.values.maxConnections}
        />
        <NumberEntry
          label="Timeout (s)"
          description="1 to 600 without an answer"
          rules={timeoutRules}
          {...form.getInputProps('timeoutSeconds')}
          value={form.values.timeoutSeconds}
        />
      </div>
    </Fieldset>
  );
}
