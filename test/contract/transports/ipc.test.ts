import { createIpcTransport } from '#renderer/kit/rpc/transport/ipc.ts';
import { FakeIpc } from '#test/fakes/fake-ipc.ts';
import { answerCalls, forwardEvents } from '../../../src/main/ipc-calls.ts';
import { transportSuite } from './transport-suite.ts';

transportSuite('IPC', async (core) => {
  const isTrusted = ({ senderFrame }: { senderFrame: string | null }): boolean =>
    senderFrame === 'app://console';
  const own = new FakeIpc();
  const foreign = new FakeIpc();
  foreign.frame = 'https://console.example';
  for (const ipc of [own, foreign]) answerCalls(ipc, core.dispatch, isTrusted);
  const endForwarding = forwardEvents(core.events, () => [own]);
  return {
    transport: createIpcTransport(own.bridge),
    stranger: createIpcTransport(foreign.bridge),
    leave: () => own.sender.destroy(),
    close: async () => endForwarding(),
  };
});
