import { IconFingerprint } from '@tabler/icons-react';
import type { CallOutput } from '#shared/contract/index.ts';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { Fingerprint } from '../../kit/components/fingerprint.tsx';
import { CopyButton } from '../../kit/components/identifier.tsx';
import { Time } from '../../kit/components/time.tsx';
import { Fact, Facts } from '../../kit/detail/detail.tsx';
import classes from './connections.module.css';

type ConnectionTest = CallOutput<'connections.test'>;

/** Shows a certificate that is not trusted: to compare, and to pin where it is the right one. */
export function Untrusted(props: {
  /** Who shows it: "the gateway". */
  of: string;
  fingerprint256: string;
  certificate: ConnectionTest['certificate'];
  busy: boolean;
  onPin(fingerprint256: string): void;
}) {
  const { of, fingerprint256, certificate } = props;
  return (
    <div className={classes.untrusted}>
      <div className={classes.untrustedTitle}>
        <IconFingerprint size={16} aria-hidden /> Is this the certificate of {of}?
      </div>
      <p>
        Compare the fingerprint with what the administrator of {of} reads there, by another way than
        this network:
      </p>
      <div className={classes.fingerprint}>
        <Fingerprint text={fingerprint256} />
        <CopyButton value={fingerprint256} label="Copy the fingerprint" />
      </div>
      {certificate && (
        <Facts>
          <Fact name="Of">{certificate.subject}</Fact>
          <Fact name="Issued by">
            {certificate.selfSigned ? 'itself (self-signed)' : certificate.issuer}
          </Fact>
          <Fact name="Valid until">
            <Time value={certificate.validTo} />
          </Fact>
        </Facts>
      )}
      <p className="oc-caption">
        On its server:{' '}
        <span className="oc-mono">openssl x509 -noout -fingerprint -sha256 -in cert.pem</span>
      </p>
      <SecondaryButton loading={props.busy} onClick={() => props.onPin(fingerprint256)}>
        It matches: trust this certificate
      </SecondaryButton>
    </div>
  );
}
