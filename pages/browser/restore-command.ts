import { h } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { shellCommand } from '../../core/shell-word.ts';
import type { PlaceAnswer } from '../answers.ts';
import { type RestoreScope, wordsOfRestore } from './restore-scope.ts';

/** The one command that restores what is on the screen, to be read, and copied. */
export function RestoreCommand(props: {
  readonly place: PlaceAnswer;
  readonly backup: string;
  readonly isWhole: boolean;
  readonly scope: RestoreScope;
  /** `this type`, `all of this backup` */
  readonly what: string;
  /** Whether values are set back unless somebody says otherwise. */
  readonly setsBack?: boolean;
}) {
  const { place, backup, isWhole, scope, what } = props;
  const [setsBack, setSetsBack] = useState(props.setsBack ?? false);
  const [said, say] = useState('');
  const shown = useRef<HTMLElement>(null);
  const words = wordsOfRestore({ backup, isWhole, place: place.restoreWords, scope, setsBack });
  const command = shellCommand(...words);
  const copy = async () => {
    say((await isCopied(command)) ? 'Copied. Paste it into a terminal.' : select(shown.current));
  };
  return h(
    'section',
    { class: 'restore', 'aria-label': `Restore ${what}` },
    h(
      'div',
      { class: 'command' },
      h('code', { ref: shown, tabIndex: 0, role: 'group', 'aria-label': `Command that restores ${what}` }, command),
      h('button', { type: 'button', onClick: copy }, 'Copy restore command'),
    ),
    h(
      'div',
      { class: 'command-notes' },
      h(
        'label',
        null,
        h('input', {
          type: 'checkbox',
          checked: setsBack,
          onChange: (event: Event) => {
            setSetsBack((event.target as HTMLInputElement).checked);
            say('');
          },
        }),
        ' set overwritten values back too',
      ),
      h(
        'span',
        { class: 'quiet' },
        setsBack
          ? `Makes what is missing of ${what}, and sets values that differ back to this backup’s. It shows its plan and asks first.`
          : `Makes what is missing of ${what}; values that are there stay. It shows its plan and asks first.`,
      ),
      h('span', { role: 'status', class: 'said' }, said),
    ),
  );
}

/** Browsers may refuse it, and have none where a page is not trusted. */
async function isCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function select(element: HTMLElement | null): string {
  if (element) getSelection()?.selectAllChildren(element);
  return 'The browser does not let this page copy. The command is selected: copy it yourself.';
}
