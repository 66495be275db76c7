import { useCluster } from '../../kit/cluster-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import classes from './operation.module.css';

/** What a dialog is about, as far as it is known when it opens; a user may be known by its id alone. */
export interface DialogSubject {
  kind: 'user' | 'account' | 'bucket' | 'default';
  id: string;
  name?: string;
}

const kinds = { user: 'User', account: 'Account', bucket: 'Bucket', default: 'Default' } as const;

export function TargetName({ kind, id, name }: DialogSubject & { name: string }) {
  return (
    <div className={classes.target}>
      <span className="oc-dimmed">{kinds[kind]}</span>
      <span className={classes.targetName}>{name}</span>
      {id !== name && kind !== 'default' && <span className="oc-mono oc-faint">{id}</span>}
    </div>
  );
}

/** Names what a dialog is about from its first frame on, before anything of it was read. */
export function DialogTarget({ subject }: { subject: DialogSubject }) {
  const { id: connectionId } = useCluster();
  const unnamed = subject.kind === 'user' && subject.name === undefined;
  const listed = useCall(
    'users.list',
    { connectionId, only: subject.id, offset: 0, limit: 1 },
    { enabled: unnamed },
  ).data?.rows[0];
  const name = subject.name ?? listed?.email ?? '';
  return <TargetName {...subject} name={name === '' ? subject.id : name} />;
}
