import type { Manifest } from '../../backup-format/manifest.ts';

/** Why no issue is linked again, though it was asked for; null where some may be. */
export function whyNotLinked({
  manifest,
  sameSite,
}: {
  readonly manifest: Pick<Manifest, 'name' | 'issueLinks'>;
  readonly sameSite: boolean;
}): string | null {
  if (!sameSite) {
    return 'No issue is linked again: this is another site than the one that was backed up, and its issues are others.';
  }
  if (manifest.issueLinks === null) {
    return `No issue is linked again: the backup ${manifest.name} does not say which issues held which objects. A backup made where "issueLinks" is true does.`;
  }
  return null;
}
