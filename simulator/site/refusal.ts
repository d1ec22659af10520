/** A refusal by the site's rules: what is wrong in general, and what is wrong with single fields. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** Keyed by field name, or `rlabs-insight-attribute-<id>` for attributes of objects. */
  readonly errors: Record<string, string>;

  constructor(status: number, message: string, errors: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export function notFound(what: string, id: number | string): Refusal {
  return new Refusal(404, `No ${what} was found with id ${id}`);
}

export function fieldError(field: string, message: string): Refusal {
  return new Refusal(400, '', { [field]: message });
}
