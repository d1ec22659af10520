const numbers = new Intl.NumberFormat('en-US');

/** `1,204` */
export function readableCount(count: number): string {
  return numbers.format(count);
}

/** `1 file`, `1,204 files` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${readableCount(count)} ${count === 1 ? one : many}`;
}
