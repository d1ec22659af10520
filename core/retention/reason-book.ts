import type { BestReason, KeepReason, RuleReason } from './keep-reason.ts';

type SchemaReason = Omit<RuleReason, 'schemas'> | Omit<BestReason, 'schemas'>;

const bestKinds: ReadonlySet<KeepReason['kind']> = new Set<BestReason['kind']>([
  'newest',
  'not-suspicious',
  'with-activity',
  'nothing-better',
]);

interface Noted {
  readonly reason: SchemaReason;
  readonly schemas: Set<string>;
  /** Whether it holds for the backups of every schema. */
  isOfAll: boolean;
}

/** Gathers reasons, those that hold for several schemas as one. */
export class ReasonBook {
  readonly #plain = new Map<string, KeepReason[]>();
  readonly #noted = new Map<string, Map<string, Noted>>();

  add(backup: string, reason: KeepReason): void {
    const reasons = this.#plain.get(backup) ?? [];
    reasons.push(reason);
    this.#plain.set(backup, reasons);
  }

  /** @param schema key of the schema for which it holds; null: for the backups of every schema */
  addFor(backup: string, reason: SchemaReason, schema: string | null): void {
    const noted = this.#noted.get(backup) ?? new Map<string, Noted>();
    this.#noted.set(backup, noted);
    const id = JSON.stringify(reason);
    const one = noted.get(id) ?? { reason, schemas: new Set<string>(), isOfAll: false };
    noted.set(id, one);
    if (schema === null) one.isOfAll = true;
    else one.schemas.add(schema);
  }

  has(backup: string): boolean {
    return this.of(backup).length > 0;
  }

  /** What no rule can overrule first. */
  of(backup: string): readonly KeepReason[] {
    const noted = [...(this.#noted.get(backup)?.values() ?? [])].map(
      ({ reason, schemas, isOfAll }) => ({ ...reason, schemas: isOfAll ? null : [...schemas].sort() }) as KeepReason,
    );
    const isBest = ({ kind }: KeepReason) => bestKinds.has(kind);
    return [...(this.#plain.get(backup) ?? []), ...noted.filter(isBest), ...noted.filter((one) => !isBest(one))];
  }
}
