import { contextBridge, ipcRenderer } from 'electron';
import { bridgeChannels, bridgeGlobal, type ConsoleBridge } from '#shared/bridge.ts';

const bridge: ConsoleBridge = {
  call: (name, input) => ipcRenderer.invoke(bridgeChannels.call, name, input),
  subscribe: (listener) => {
    const forward = (_: unknown, event: unknown): void => listener(event);
    ipcRenderer.on(bridgeChannels.event, forward);
    return () => {
      ipcRenderer.removeListener(bridgeChannels.event, forward);
    };
  },
};

contextBridge.exposeInMainWorld(bridgeGlobal, bridge);
