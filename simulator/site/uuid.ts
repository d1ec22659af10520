/** A UUID that depends only on its two numbers. */
export function uuidFrom(space: number, number: number): string {
  const tail = number.toString(16).padStart(12, '0');
  return `${space.toString(16).padStart(8, '0')}-0000-4000-8000-${tail}`;
}
