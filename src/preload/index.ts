import { contextBridge, ipcRenderer } from 'electron';
import {
  type ArrivedText,
  bridgeChannels,
  bridgeGlobal,
  type ConsoleBridge,
} from '#shared/contract/bridge.ts';

let arrived: ArrivedText[] = [];
let onFile: ((file: ArrivedText) => void) | null = null;
ipcRenderer.on(bridgeChannels.file, (_: unknown, file: ArrivedText) => {
  if (onFile) onFile(file);
  else arrived.push(file); // the page is still loading
});

const bridge: ConsoleBridge = {
  call: (name, input, callId) => ipcRenderer.invoke(bridgeChannels.call, name, input, callId),
  cancel: (callId) => ipcRenderer.send(bridgeChannels.cancel, callId),
  subscribe: (listener) => {
    const forward = (_: unknown, event: unknown): void => listener(event);
    ipcRenderer.on(bridgeChannels.event, forward);
    return () => {
      ipcRenderer.removeListener(bridgeChannels.event, forward);
    };
  },
  onFile: (listener) => {
    onFile = listener;
    for (const file of arrived) listener(file);
    arrived = [];
    return () => {
      if (onFile === listener) onFile = null;
    };
  },
  clipboard: (deed, secret) => ipcRenderer.invoke(bridgeChannels.clipboard, deed, secret),
};

contextBridge.exposeInMainWorld(bridgeGlobal, bridge);
