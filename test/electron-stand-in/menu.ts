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
    'about appMenu close copy cut delete editMenu fileMenu forceReload front help hide hideOthers ' +
    'minimize paste pasteAndMatchStyle quit redo reload resetZoom selectAll services toggleDevTools ' +
    'togglefullscreen undo unhide viewMenu window windowMenu zoom zoomIn zoomOut'
  )
    .toLowerCase()
    .split(' '),
);

function checkRoles(items: readonly MenuItem[]): void {
  for (const { role, label, type, submenu } of items) {
    if (role !== undefined && !roles.has(role.toLowerCase()))
      throw new Error(`Unknown role ${role}`);
    if (role === undefined && !label && type !== 'separator') {
      throw new Error('A menu item needs a label, a role or a type.');
    }
    checkRoles(submenu ?? []);
  }
}

/** Stands in for Electron's `Menu`: keeps what would be shown. */
export class Menu {
  static applicationMenu: Menu | null = null;
  readonly items: readonly MenuItem[];

  constructor(items: readonly MenuItem[]) {
    this.items = items;
  }

  popup(): void {
    // nothing is drawn
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

/** Stands in for Electron's `Tray`. */
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
