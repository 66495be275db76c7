import {
  type BrowserWindow,
  type ContextMenuParams,
  Menu,
  type MenuItemConstructorOptions,
} from 'electron';
import { goInHistory } from './navigation.ts';

/**
 * Entries of the right-click menu for where the pointer is: editing in fields, copying from selected
 * text, the way back elsewhere. The page keeps the menu away where it shows one of its own.
 */
export function contextMenuFor(
  {
    isEditable,
    selectionText,
    editFlags,
  }: Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'editFlags'>,
  go: (direction: 'back' | 'forward') => void,
): MenuItemConstructorOptions[] {
  if (isEditable) {
    return [
      { role: 'undo', enabled: editFlags.canUndo },
      { role: 'redo', enabled: editFlags.canRedo },
      { type: 'separator' },
      { role: 'cut', enabled: editFlags.canCut },
      { role: 'copy', enabled: editFlags.canCopy },
      { role: 'paste', enabled: editFlags.canPaste },
      { role: 'delete', enabled: editFlags.canDelete },
      { type: 'separator' },
      { role: 'selectAll', enabled: editFlags.canSelectAll },
    ];
  }
  if (selectionText.trim() !== '') return [{ role: 'copy' }, { role: 'selectAll' }];
  return [
    { label: 'Back', click: () => go('back') },
    { label: 'Forward', click: () => go('forward') },
    { type: 'separator' },
    { role: 'selectAll' },
  ];
}

/** Gives a window's page its right-click menu. */
export function addContextMenu(window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, parameters) => {
    const go = (direction: 'back' | 'forward') => goInHistory(window.webContents, direction);
    Menu.buildFromTemplate(contextMenuFor(parameters, go)).popup({ window });
  });
}
