import { EventEmitter } from 'node:events';

interface MenuItem {
  label?: string;
  role?: string;
  accelerator?: string;
  type?: string;
  submenu?: MenuItem[];
  click?: () => void;
}

/** Electron's roles, in its spelling without case; it throws at any other. */
const roles: ReadonlySet<string> = new Set(
  (
    'about appMenu clearRecentDocuments close copy cut delete editMenu fileMenu forceReload front help ' +
    'hide hideOthers mergeAllWindows minimize moveTabToNewWindow paste pasteAndMatchStyle quit ' +
    'recentDocuments redo reload resetZoom selectAll selectNextTab selectPreviousTab services shareMenu ' +
    'showAllTabs startSpeaking stopSpeaking toggleDevTools togglefullscreen toggleSpellChecker ' +
    'toggleTabBar undo unhide viewMenu window windowMenu zoom zoomIn zoomOut'
  )
    .toLowerCase()
    .split(' '),
);

const types: ReadonlySet<string> = new Set([
  'normal',
  'separator',
  'submenu',
  'checkbox',
  'radio',
  'header',
  'palette',
]);

/** Electron's modifiers and the keys that menus here may have. */
const accelerator =
  /^((Command|Cmd|Control|Ctrl|CommandOrControl|CmdOrCtrl|Alt|Option|AltGr|Shift|Super|Meta)\+)*([A-Z0-9]|F\d{1,2}|Left|Right|Up|Down|Plus|Space|Tab|Delete|Insert|Return|Enter|Home|End|PageUp|PageDown|Escape|[-=[\],./;'`\\])$/;

function checkRoles(items: readonly MenuItem[]): void {
  for (const { role, label, type, submenu, accelerator: keys } of items) {
    if (type !== undefined && !types.has(type)) throw new Error(`Unknown menu item type: ${type}`);
    if (keys !== undefined && !accelerator.test(keys)) throw new Error(`No accelerator: ${keys}`);
    if (type === 'submenu' && !submenu) throw new Error('Invalid submenu');
    if (role !== undefined && !roles.has(role.toLowerCase()))
      throw new Error(`Unknown role ${role}`);
    if (role === undefined && !label && type !== 'separator') {
      throw new Error('A menu item needs a label, a role or a type.');
    }
    checkRoles(submenu ?? []);
  }
}

/** Entries of the menus that were opened at the pointer, by label or role. */
export const poppedUp: string[][] = [];

/** Stand-in for Electron's `Menu`: keeps what would be shown. */
export class Menu {
  static applicationMenu: Menu | null = null;
  readonly items: readonly MenuItem[];

  constructor(items: readonly MenuItem[]) {
    this.items = items;
  }

  popup(): void {
    poppedUp.push(this.items.map(({ label, role, type }) => label ?? role ?? type ?? ''));
  }

  static buildFromTemplate(template: readonly MenuItem[]): Menu {
    checkRoles(template);
    return new Menu(template);
  }

  static setApplicationMenu(menu: Menu): void {
    Menu.applicationMenu = menu;
  }
}

/** Icons that are in the tray now. */
export const trays = new Set<Tray>();

/** Stand-in for Electron's `Tray`. */
export class Tray extends EventEmitter {
  toolTip = '';
  menu: Menu | null = null;

  constructor(image: object) {
    super();
    if (!image) throw new Error('A tray needs an image.');
    trays.add(this);
  }

  setToolTip(text: string): void {
    this.toolTip = text;
  }

  setContextMenu(menu: Menu): void {
    this.menu = menu;
  }

  destroy(): void {
    trays.delete(this);
  }
}
