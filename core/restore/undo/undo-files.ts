import type { Staying } from '../../model/undo.ts';
import type { Relaxation } from '../configuration/relaxation.ts';
import type { BeforeImageFile } from '../id-map/earlier-restores.ts';
import type { WrittenField } from '../issues/issue-journal.ts';
import type { MadeThing } from './made-configuration.ts';

/** An object that a restore has made, as an undo has found it: as it was left, and nobody has touched it since. */
export interface UntouchedObject {
  readonly source: string;
  /** Ids on the site. */
  readonly target: string;
  readonly type: string;
  readonly key: string;
  /** What it refers to of what the same restore has made, once for each attribute that does. */
  readonly refersTo: readonly string[];
  /** How many objects refer to it. */
  readonly inbound: number;
  /** Of its values, but for what it refers to of these. */
  readonly digest: string;
}

/** An object that a restore has written to, of which some attributes still are as they were left. */
export interface OverwrittenObject {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly attributes: readonly OverwrittenAttribute[];
  /** What it would refer to all the same of what the restore has made. */
  readonly stillRefersTo: readonly string[];
}

export interface OverwrittenAttribute {
  readonly id: string;
  readonly name: string;
  /** Digests of what stands there and of what is to stand there again. */
  readonly now: string;
  readonly before: string;
  /** What stands there of what the same restore has made, and did not before. */
  readonly refersTo: readonly string[];
  /** There is nothing else to be undone in it: when all of that is gone, it is what it was. */
  readonly goesByItself: boolean;
}

/** What one part of a plan's reading has found. */
export interface LookedFile {
  readonly untouched: readonly UntouchedObject[];
  readonly overwritten: readonly OverwrittenObject[];
  readonly stays: readonly Staying[];
  /** Ids of objects that are gone, which a search may still show. */
  readonly gone: readonly string[];
  /** Fields of issues that are as the restore left them, and what they alone connect: issue and object. */
  readonly issues?: readonly WrittenField[];
  readonly ours?: readonly (readonly [string, string])[];
}

/** What is set back, or deleted, together. */
export interface UndoBatch {
  readonly issues?: readonly WrittenField[];
  readonly overwritten: readonly OverwrittenObject[];
  readonly deletes: readonly UntouchedObject[];
}

/** What has become of a batch. */
export interface UndoneBatch {
  readonly setBack: readonly OverwrittenObject[];
  /** What the site does not take, such as a required reference that is empty again, and what deletes alone bring about. */
  readonly goesByItself: readonly OverwrittenObject[];
  readonly deleted: readonly UntouchedObject[];
  /** Fields of issues that were set back. */
  readonly issues?: readonly WrittenField[];
  readonly stays: readonly Staying[];
}

/** What the steps of an undo carry out: batches of objects, then things of the configuration. */
export interface UndoPlanFile {
  readonly batches: number;
  /** How many parts the plan has looked at. */
  readonly looked: number;
  readonly things: readonly MadeThing[];
  /** Attributes whose restrictions are put back. */
  readonly relaxed: readonly Relaxation[];
}

/** What stays of the configuration that was to go. */
export interface UndonePart {
  readonly stays: readonly Staying[];
}

/** What an undo is about to delete of what a restore has made; written before the first of it goes. */
export interface DeletingFile {
  readonly undo: string;
  /** Ids of objects. */
  readonly objects: readonly string[];
  /** Where what stood in them is kept. */
  readonly images: readonly BeforeImageFile[];
}

/** That a restore was undone, and what stayed then. */
export interface UndoneFile {
  readonly restore: string;
  readonly undo: string;
  readonly at: string;
  readonly deleted: number;
  readonly setBack: number;
  readonly stays: number;
  readonly differences: number;
}

/** What has gone of the configuration that was to go. */
export function thingsGone({ things }: UndoPlanFile, part: UndonePart | undefined): readonly MadeThing[] {
  const stays = new Set(part?.stays.map(({ kind, source }) => `${kind} ${source}`));
  return things.filter(({ kind, id }) => !stays.has(`${kind} ${id}`));
}
