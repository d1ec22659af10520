import { counted } from './counted.ts';

const sizeUnits = ['kB', 'MB', 'GB', 'TB'];

/** `512 bytes`, `4.5 MB`; a megabyte is a million bytes. */
export function readableSize(bytes: number): string {
  if (bytes < 1000) return counted(bytes, 'byte');
  let size = bytes;
  let unit = -1;
  do {
    size /= 1000;
    unit += 1;
  } while (size >= 999.5 && unit < sizeUnits.length - 1);
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${sizeUnits[unit]}`;
}

/** `61 objects`, `1,226 objects and 269 other things` */
export function objectsAndOthers(objects: number, others: number): string {
  return counted(objects, 'object') + (others === 0 ? '' : ` and ${counted(others, 'other thing')}`);
}

/** `0:42`, `1:02:03` */
export function clockTime(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const two = (number: number) => String(number).padStart(2, '0');
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** An estimate, no more exact than it is: `under a minute`, `about 3 min`, `about 1 h 40 min`. */
export function roughTime(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (milliseconds < 60_000) return 'under a minute';
  if (minutes < 60) return `about ${minutes} min`;
  const tens = Math.round(minutes / 10) * 10;
  return tens % 60 === 0 ? `about ${tens / 60} h` : `about ${Math.floor(tens / 60)} h ${tens % 60} min`;
}

/** `2026-11-23 02:00:00 UTC`, from ISO 8601. */
export function readableMoment(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
