import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionFiles, type Right, rightsOf, roleOf, withAll } from './rights.ts';
import { resourcesOf, synthesiseStack } from './synthesise.ts';

/** `npx vitest run test/infra/security-page -u` writes the tables anew; what a leak can do is for a person to say. */
const page = resolve(import.meta.dirname, '../../docs/security.md');
/** With the function that deletes, which most stacks do not have. */
const template = synthesiseStack(withAll);

/** Whose a role is, and what it may do. Its own log is nobody else's matter. */
const roles = rolesOf();

function rolesOf(): [who: string, rights: Right[]][] {
  const isLog = ({ action }: Right) => /^(logs|xray):/.test(action);
  const names = new Map(functionFiles.map((file) => [roleOf(template, file), `\`${file}\``]));
  for (const [id, { Properties }] of resourcesOf(template, 'AWS::StepFunctions::StateMachine'))
    names.set(
      Properties.RoleArn['Fn::GetAtt'][0],
      id.startsWith('Backup')
        ? 'the backup machine'
        : id.startsWith('Drill')
          ? 'the drill machine'
          : 'the restore machine',
    );
  for (const [id, { Properties }] of resourcesOf(template, 'AWS::Scheduler::Schedule'))
    names.set(
      Properties.Target.RoleArn['Fn::GetAtt'][0],
      id.startsWith('Watch') ? 'the hourly clock' : id.startsWith('Drills') ? "the drill's schedule" : 'the schedule',
    );
  const known = resourcesOf(template, 'AWS::IAM::Role').map(([id]) => id);
  expect([...names.keys()].toSorted()).toEqual(known.toSorted());
  return [...names].map(([id, who]) => [who, rightsOf(template, id).filter((right) => !isLog(right))]);
}

/** Keys of a bucket in the resources of rights. */
function keysOf(rights: readonly Right[], action: string, bucket: string): string[] {
  const arn = `<${bucket}.Arn>/`;
  return rights
    .filter((right) => right.action === action && right.resource.startsWith(arn))
    .map(({ resource }) => resource.slice(arn.length));
}

const code = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join(' ');

/** What a role may do in a bucket, in words. */
function inBucket(rights: readonly Right[], bucket: string, writes: 'creates' | 'writes'): string {
  const written = keysOf(rights, 's3:PutObject', bucket);
  const deleted = keysOf(rights, 's3:DeleteObject', bucket);
  const read = keysOf(rights, 's3:GetObject', bucket).filter((key) => !written.includes(key));
  const [list] = rights.filter(({ action, resource }) => action === 's3:ListBucket' && resource === `<${bucket}.Arn>`);
  const prefixes = [list?.condition?.StringLike['s3:prefix'] ?? []].flat() as string[];
  const isOfItsKeys = [...prefixes].toSorted().join() === [...read, ...written].toSorted().join();
  return [
    read.length > 0 ? `reads ${code(read)}` : '',
    written.length > 0 ? `${writes} ${code(written)}` : '',
    deleted.length > 0 ? `deletes, and sees the locks of, ${code(deleted)}` : '',
    !list ? '' : prefixes.length === 0 ? 'lists all' : isOfItsKeys ? 'lists these' : `lists ${code(prefixes)}`,
  ]
    .filter((text) => text !== '')
    .join('; ');
}

const secretOf = (rights: readonly Right[]) =>
  rights
    .filter(({ action }) => action === 'secretsmanager:GetSecretValue')
    .map(({ resource }) => /^<(\w+)SiteSecret>$/.exec(resource)?.[1]?.toLowerCase() ?? resource)
    .join();

const others = (rights: readonly Right[]) => [
  ...new Set(rights.map(({ action }) => action).filter((action) => !/^(s3|secretsmanager):/.test(action))),
];

function rightsTable(): string {
  const rows = roles.map(([who, rights]) => [
    who,
    inBucket(rights, 'Backups', 'creates'),
    inBucket(rights, 'Work', 'writes'),
    secretOf(rights),
    code(others(rights)),
  ]);
  return table(['who', "backups' bucket", 'work bucket', 'secret', 'else'], rows);
}

/** Every right of the stack by which something could be read or changed, and who has it. */
function rightsOfAll(): [right: string, who: string][] {
  const found = new Map<string, string[]>();
  const note = (right: string, who: string) => found.set(right, [...new Set([...(found.get(right) ?? []), who])]);
  for (const [who, rights] of roles) {
    for (const key of keysOf(rights, 's3:PutObject', 'Backups')) note(`creates \`${key}\``, who);
    for (const key of keysOf(rights, 's3:DeleteObject', 'Backups')) note(`deletes \`${key}\``, who);
    for (const key of keysOf(rights, 's3:PutObject', 'Work')) note(`writes \`${key}\``, who);
    if (keysOf(rights, 's3:GetObject', 'Backups').length > 0)
      note('reads and lists of the backups what its row says', who);
    if (keysOf(rights, 's3:GetObject', 'Work').length > 0) note('reads and lists of the work what its row says', who);
    if (secretOf(rights) !== '') note(`reads the ${secretOf(rights)} secret`, who);
    for (const action of others(rights)) note(`\`${action}\``, who);
  }
  return [...found].map(([right, who]) => [right, who.length > 6 ? `${who.length} roles` : who.join(', ')]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('');
}

/** A page with another text between two marks. */
function withBetween(mark: string, whole: string, text: (now: string) => string): string {
  const pattern = new RegExp(`(?<=<!-- ${mark} -->\n\n).*?(?=\n<!-- end of ${mark} -->)`, 's');
  expect(whole).toMatch(pattern);
  return whole.replace(pattern, text);
}

/** What the page says of a right: what a leak can do, and what finds it. */
function said(now: string): Map<string, readonly [string, string]> {
  const rows = now.split('\n').map((line) => line.split(' | '));
  return new Map(
    rows.map(([right = '', , can = '', finds = '']) => [right.replace(/^\| /, ''), [can, finds.replace(/ \|$/, '')]]),
  );
}

describe('docs/security.md', () => {
  it('says what the template lets each role do, and of each right what a leak can do and what finds it', async () => {
    let silent: string[] = [];
    const withRights = withBetween('rights', readFileSync(page, 'utf8'), rightsTable);
    const whole = withBetween('left', withRights, (now) => {
      const known = said(now);
      const rows = rightsOfAll().map(([right, who]) => [right, who, ...(known.get(right) ?? ['', ''])]);
      silent = rows.filter(([, , can, finds]) => can === '' || finds === '').map(([right = '']) => right);
      return table(['a role that', 'is', 'can, where it leaked', 'what finds it'], rows);
    });
    await expect(whole).toMatchFileSnapshot(page);
    expect(silent).toEqual([]);
  });

  it('lets no function write where no row is (the check can fail)', () => {
    expect(rightsOfAll().map(([right]) => right)).toEqual(
      expect.arrayContaining(['creates `*/manifest.json`', 'writes `finished/*`']),
    );
    expect(roles.length).toBe(functionFiles.length + 6);
  });
});
