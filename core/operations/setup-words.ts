/** How a check speaks of the place that it is made in: what is the same everywhere is said by the check itself. */
export interface SetupWords {
  /** The check whether there are settings of a site at all. */
  readonly settings: { readonly name: string; readonly found: string; readonly remedy: string };
  /** What to do with a new token, and with the day on which it ends; each ends a sentence. */
  readonly storeToken: string;
  readonly storeExpiry: string;
  /** Begins a sentence. */
  readonly correctAddress: string;
  /** The way out to the internet, a sentence. */
  readonly network: string;
  /** Whose address an IP allowlist of the site is to have. */
  readonly whoAsks: string;
  /** What chooses schemas, to begin a sentence, and what to do where it names one that is not there. */
  readonly chooser: string;
  readonly chooseOthers: string;
  /** Where what decides about nights is set; ends a sentence. */
  readonly nightSettings: string;
  /** Where files of activity by type save money: what to do, a sentence. */
  readonly filesByType: string | null;
  readonly stores: { readonly backups: string; readonly work: string; readonly remedy: string };
}

/** Of a stack, which the core does not know by its name. @param howToFill the command line that fills the secret */
export function stackWords(howToFill = 'assets-backup login --stack NAME'): SetupWords {
  return {
    settings: {
      name: 'secret',
      found: 'It holds the settings of a site.',
      remedy: `Store the site's login with \`${howToFill}\`.`,
    },
    storeToken: `store it with \`${howToFill}\``,
    storeExpiry: `Store the login again with that day ("expires"), with \`${howToFill}\`.`,
    correctAddress: `Correct the address with \`${howToFill}\``,
    network: 'Where the functions run in a network of yours, look for its way out to the internet.',
    whoAsks: 'the functions',
    chooser: 'The schedule',
    chooseOthers: 'Mend objectSchemaKeys in the settings of the stack and deploy it again',
    nightSettings: 'in cdk.json',
    filesByType:
      'Set "activityFiles": "type" for the stack in cdk.json, and deploy it: S3 bills each file that a night writes, and of history and comments it writes a sixth or fewer then. Nothing is read anew for that.',
    stores: {
      backups: "backups' bucket",
      work: 'work bucket',
      remedy:
        'Where it was deleted or changed by hand, deploy the stack again: npx cdk deploy NAME --revert-drift. Where that does not help, look for a policy of the bucket, its key, the role or the organisation that does not allow it.',
    },
  };
}
