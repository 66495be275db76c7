import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';

interface MenuItem {
  label?: string;
  role?: string;
  accelerator?: string;
  submenu?: MenuItem[];
  click?: () => void;
}

/** Stands in for Electron's `Menu`: keeps what would be shown. */
export class Menu {
  static applicationMenu: Menu | null = null;
  readonly items: readonly MenuItem[];

  constructor(items: readonly MenuItem[]) {
    this.items = items;
  }

  static buildFromTemplate(template: readonly MenuItem[]): Menu {
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

  constructor(image: string) {
    super();
    if (!existsSync(image)) throw new Error(`The tray's image is missing: ${image}`);
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
