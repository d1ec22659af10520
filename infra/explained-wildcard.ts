import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Says why a policy may have these patterns of ARNs for its resources; of any other, cdk-nag complains (AwsSolutions-IAM5). */
export function explainWildcards(policy: IConstruct, arns: readonly string[], reason: string): void {
  const stack = Stack.of(policy);
  for (const arn of arns) {
    Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${asFound(stack.resolve(arn))}]`, reason });
  }
}

/** A value of the template as cdk-nag spells it. */
function asFound(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, ...intrinsics } = value as { Ref?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
  if (Ref !== undefined) return `<${Ref}>`;
  const { 'Fn::GetAtt': attribute, 'Fn::Join': [between, parts] = ['', []] } = intrinsics;
  return attribute ? `<${attribute.join('.')}>` : parts.map(asFound).join(between);
}
