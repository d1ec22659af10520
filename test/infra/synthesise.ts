import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { BackupStack } from '../../infra/backup-stack.ts';
import { readSettings } from '../../infra/settings.ts';

/** A template as CloudFormation gets it; tests read it as it is. */
// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own shapes, of which each test knows a corner.
export type Anything = any;

export interface Resource {
  readonly Type: string;
  readonly Properties: Anything;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: Anything; readonly Export?: unknown }>>;
}

export type Plugin = Parameters<Validations['addPlugins']>[0];

export interface Synthesised {
  readonly template: Template;
  readonly terminationProtection: boolean | undefined;
}

/**
 * Synthesises the app in this process, with a few letters in place of each bundle, so that it takes a moment; what is
 * deployed takes the same way from the settings on. `context` is what stands in `cdk.json`.
 */
export function synthesise(context?: unknown, plugins: (app: App) => Plugin[] = () => []): Record<string, Synthesised> {
  const outdir = mkdtempSync(join(tmpdir(), 'assets-backup-synth-'));
  // The library's own check of every template takes longer than all else; `cdk synth` does it.
  process.env.CDK_VALIDATION = 'false';
  try {
    const app = new App({ outdir });
    for (const { name, settings } of readSettings(context)) {
      new BackupStack(app, name, { settings, codeOf: (file) => Code.fromInline(`exports.handler = () => '${file}'`) });
    }
    const added = plugins(app);
    if (added.length > 0) Validations.of(app).addPlugins(...added);
    return Object.fromEntries(
      app
        .synth()
        .stacks.map(({ stackName, template, terminationProtection }) => [
          stackName,
          { template, terminationProtection },
        ]),
    );
  } finally {
    delete process.env.CDK_VALIDATION;
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The template of one stack with these settings beside the defaults. */
export function synthesiseStack(settings: object = {}): Template {
  const { Site } = synthesise({ Site: settings });
  if (!Site) throw new Error('There is no such stack.');
  return Site.template;
}

/** Resources of a type, with their logical ids. */
export function resourcesOf({ Resources }: Template, type: string): [string, Resource][] {
  return Object.entries(Resources).filter(([, { Type }]) => Type === type);
}

/** The one resource of a type. */
export function onlyResource(template: Template, type: string): Resource {
  const [found, ...others] = resourcesOf(template, type);
  if (!found || others.length > 0) throw new Error(`There are ${others.length + (found ? 1 : 0)} ${type}.`);
  return found[1];
}

/** Intrinsic functions as text: `<Backups.Arn>/*`, `arn:<AWS::Partition>:states:...`. */
export function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, ...rest } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return `<${Ref}>`;
  if (Array.isArray(rest['Fn::GetAtt'])) return `<${rest['Fn::GetAtt'].join('.')}>`;
  const [between, parts] = rest['Fn::Join'] as [string, unknown[]];
  return parts.map(flat).join(between);
}
