/** What the stack has put into this function's environment: names of functions/environment.ts. */
export function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is missing: deploy the stack again.`);
  return value;
}

export function fromJson<T>(name: string, otherwise: T): T {
  const text = process.env[name];
  return text ? (JSON.parse(text) as T) : otherwise;
}
