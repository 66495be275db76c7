import { Button, TextInput } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { type FormEvent, useState, useSyncExternalStore } from 'react';
import { type AppError, toAppError } from '#shared/errors.ts';
import { EmptyState } from '../kit/components/empty-state.tsx';
import { codeOf, type WebSession } from '../kit/rpc/transport/web-session.ts';

/** Returns why the session ended; null while it has not, and where there is none. */
export function useEnded(session: WebSession | undefined): AppError | null {
  return useSyncExternalStore(
    (listener) => session?.onChange(listener) ?? (() => undefined),
    () => session?.ended() ?? null,
  );
}

/** Stands in place of the whole interface once the session ended. Shows nothing of any cluster. */
export function SignedOut({ session, reason }: { session: WebSession; reason: AppError }) {
  return (
    <main aria-label="Signed out">
      <EmptyState icon={IconLock} title={reason.message} action={<SignIn session={session} />}>
        {reason.hint}
      </EmptyState>
    </main>
  );
}

function SignIn({ session }: { session: WebSession }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    const code = codeOf(text);
    if (code === null) {
      setProblem('Paste the whole address, or the code after "#code=".');
      return;
    }
    await session.open(code).catch((thrown: unknown) => {
      const { message, hint } = toAppError(thrown);
      setProblem(`${message} ${hint}`);
    });
  };
  return (
    <form onSubmit={(event) => void signIn(event)}>
      <TextInput
        label="New address"
        placeholder="http://127.0.0.1:8443/#code=…"
        value={text}
        error={problem}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Button type="submit" mt="sm">
        Sign in
      </Button>
    </form>
  );
}
