import { type JsonRecord, textOf } from '../../model/json.ts';
import type { ItemKind, Loss, RestoreChoices } from '../../model/restore.ts';
import type { LiveConfiguration, LiveSchema } from '../../reading/live-configuration.ts';
import type { StoredConfiguration, StoredSchema } from '../../reading/stored-configuration.ts';
import { notInApprovedPlan } from '../approval-notices.ts';
import type { MappedKind, OwnConfiguration } from '../id-map/configuration-journal.ts';
import type { Planned, PlannedSchema } from '../plan-files.ts';
import { filled } from './attribute-fields.ts';

export interface ConfigurationPlanInput {
  readonly source: StoredConfiguration;
  readonly target: LiveConfiguration;
  readonly choices: RestoreChoices;
  readonly sourceWorkspaceId: string;
  readonly own: OwnConfiguration;
  /** The most values of an attribute that any object of the backup has, by source id. */
  readonly mostValues: ReadonlyMap<string, number>;
  /** Source ids of the types of which the backup holds objects. */
  readonly typesWithObjects: ReadonlySet<string>;
  /** Source ids of attributes that objects to be restored lack, although they are required or the label. */
  readonly missingIn: ReadonlySet<string>;
  /** Ids of schemas that are not chosen, and whose objects refer to some that are: used as they are. */
  readonly referring: ReadonlySet<string>;
  /** Why no object type is made in some of the target's schemas, by their ids: there may be one that this login does not see. */
  readonly hidden: ReadonlyMap<string, string>;
  /** Subjects of writes that are left, since the plan that was approved does not hold them. */
  readonly left: ReadonlySet<string>;
}

/** One schema of the backup, and the schema of the target that it goes to. */
export interface SchemaPair {
  readonly source: StoredSchema;
  readonly planned: PlannedSchema;
  /** Undefined where it is to be made. */
  readonly target: LiveSchema | undefined;
}

export const notChosen = 'it was not chosen, and the target does not have it';
export const managed =
  'Atlassian manages this schema: nobody else can make or change it (under another key it can be restored as a schema of your own)';

/** What every part of the planning of a configuration needs, and what it finds on its way. */
export class Planning {
  readonly input: ConfigurationPlanInput;
  readonly sameSite: boolean;
  readonly losses: Loss[] = [];
  /** What would change in existing schemas that the input did not ask for. */
  readonly approvals: string[] = [];

  constructor(input: ConfigurationPlanInput) {
    this.input = input;
    this.sameSite = input.sourceWorkspaceId === input.target.workspaceId;
  }

  /**
   * The record of the target that something of the backup is, whatever its name is by now: itself on the same site, else what
   * an earlier restore made of it, or found. Undefined where only a name can tell.
   */
  known<T>(
    kind: MappedKind,
    source: string,
    pair: SchemaPair | null,
    find: (id: string) => T | undefined,
  ): T | undefined {
    const isItself = this.sameSite && (pair === null || pair.planned.isInPlace);
    const ids = [...(isItself ? [source] : []), ...this.input.own.idsOf(kind, source, pair?.planned ?? null)];
    for (const id of ids) {
      const there = find(id);
      if (there !== undefined) return there;
    }
    return undefined;
  }

  /**
   * The type of the target that a type outside this restore is: itself on the same site, else what earlier restores made of
   * it, where that is a single one.
   */
  outsideType(id: string): string | undefined {
    const types = new Set(this.input.target.existing.values().flatMap((schema) => schema.types.map((type) => type.id)));
    return this.#single(id, this.input.own.idsOf('types', id, null), types);
  }

  outsideSchema(id: string): string | undefined {
    return this.#single(id, this.input.own.schemaIdsOf(id), new Set(this.input.target.existing.keys()));
  }

  #single(id: string, made: readonly string[], there: ReadonlySet<string>): string | undefined {
    if (this.sameSite && there.has(id)) return id;
    const [only, ...others] = new Set(made.filter((target) => there.has(target)));
    return others.length === 0 ? only : undefined;
  }

  /** Whether it is left as it is, since nobody has approved that it be made or finished. */
  isLeft(kind: ItemKind, source: string): boolean {
    return this.input.left.has(`${kind} ${source}`);
  }

  lose(kind: ItemKind, source: string, where: string, reason: string): void {
    this.losses.push({ kind, source, where, values: 0, reason });
  }

  /** Making something inside a schema that exists changes it: the input has to ask for that, or a person to approve it. */
  approve({ planned }: SchemaPair, what: string): void {
    const isAsked = planned.action === 'create' || planned.finish || this.input.choices.intoExisting;
    if (!isAsked) this.approvals.push(`${what}, in the existing schema ${planned.key}`);
  }

  /** What the target lacks is made, but for what Atlassian manages. */
  absent(
    pair: SchemaPair | null,
    kind: ItemKind,
    source: string,
    where: string,
    what: string,
  ): Pick<Planned, 'action' | 'reason' | 'precondition'> {
    if (pair?.planned.isReferrer) return { action: 'skip', reason: notChosen, precondition: 'none' };
    if (pair?.planned.isManaged) {
      this.lose(kind, source, where, managed);
      return { action: 'skip', reason: managed, precondition: 'none' };
    }
    if (this.isLeft(kind, source)) {
      this.lose(kind, source, where, notInApprovedPlan);
      return { action: 'skip', reason: notInApprovedPlan, precondition: 'none' };
    }
    const hidden = kind === 'object-type' && this.input.hidden.get(pair?.planned.target ?? '');
    if (hidden) {
      this.lose(kind, source, where, hidden);
      return { action: 'conflict', reason: hidden, precondition: `no such ${kind} that this login sees` };
    }
    if (pair) this.approve(pair, `make the ${kind.replace('-', ' ')} ${where}`);
    return { action: 'create', reason: `the target has no ${what}`, precondition: `no such ${kind}` };
  }

  described(record: JsonRecord, keepsDisplayName: boolean): { displayName?: string; description?: string } {
    const displayName = keepsDisplayName ? filled(record.displayName) : undefined;
    const description = textOf(record.description);
    return { ...(displayName !== undefined && { displayName }), ...(description !== undefined && { description }) };
  }
}
