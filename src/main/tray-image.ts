import { fileURLToPath } from 'node:url';
import { type NativeImage, nativeImage } from 'electron';

function imagePath(name: string): string {
  return fileURLToPath(new URL(`./images/${name}.png`, import.meta.url));
}

/** The icon in the tray; on macOS a template, which the system draws in the colour of its menu bar. */
export function trayImage(platform: NodeJS.Platform = process.platform): NativeImage {
  if (platform !== 'darwin') return nativeImage.createFromPath(imagePath('tray'));
  const image = nativeImage.createFromPath(imagePath('tray-template'));
  const sharp = nativeImage.createFromPath(imagePath('tray-template-2x'));
  image.addRepresentation({ scaleFactor: 2, dataURL: sharp.toDataURL() });
  image.setTemplateImage(true);
  return image;
}
