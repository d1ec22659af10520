import { type JsonRecord, textOf } from '../../model/json.ts';
import type { ItemKind, Loss, RestoreChoices } from '../../model/restore.ts';
import type { LiveConfiguration, LiveSchema } from '../../reading/live-configuration.ts';
import type { StoredConfiguration, StoredSchema } from '../../reading/stored-configuration.ts';
import type { OwnConfiguration } from '../id-map/configuration-journal.ts';
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
  /** Source ids of attributes that objects to be restored lack, although they are required or the label. */
  readonly missingIn: ReadonlySet<string>;
  /** Ids of schemas that are not chosen, and whose objects refer to some that are: used as they are. */
  readonly referring: ReadonlySet<string>;
}

/** One schema of the backup, and the schema of the target that it goes to. */
export interface SchemaPair {
  readonly source: StoredSchema;
  readonly planned: PlannedSchema;
  /** Undefined where it is to be made. */
  readonly target: LiveSchema | undefined;
}

export const notChosen = 'it was not chosen, and the target does not have it';
export const managed = 'Atlassian manages this schema: nobody else can make or change it';

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
    if (pair) this.approve(pair, `make the ${kind.replace('-', ' ')} ${where}`);
    return { action: 'create', reason: `the target has no ${what}`, precondition: `no such ${kind}` };
  }

  described(record: JsonRecord, keepsDisplayName: boolean): { displayName?: string; description?: string } {
    const displayName = keepsDisplayName && this.input.target.hasDisplayName ? filled(record.displayName) : undefined;
    const description = textOf(record.description);
    return { ...(displayName !== undefined && { displayName }), ...(description !== undefined && { description }) };
  }
}
