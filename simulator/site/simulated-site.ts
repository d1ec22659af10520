import { commentShape, historyShapes } from '../shapes/activity-shapes.ts';
import { objectShape } from '../shapes/object-shape.ts';
import { attachFile } from './attachment-writes.ts';
import type { CommentInput, ValuesInput } from './builder-inputs.ts';
import { addComment, deleteComment, editComment } from './comment-writes.ts';
import { installDefaults } from './default-configuration.ts';
import { IssueBuilder } from './issue-builder.ts';
import { createObject, deleteObject, moveObject, updateObject } from './object-writes.ts';
import type { JsonObject } from './raw-json.ts';
import type { Comment, ObjectType, StoredObject, User } from './records.ts';
import type { SiteOptions } from './site-state.ts';

/**
 * A pretend site. What begins with another word than `add` follows the site's rules, keeps history, and stands for what other people
 * do meanwhile.
 */
export class SimulatedSite extends IssueBuilder {
  constructor(options: SiteOptions = {}) {
    super(options);
    installDefaults(this);
  }

  /** Creates an object as somebody at the site would: by the rules, now, with history. */
  createObject(input: { type: ObjectType; name?: string; values?: ValuesInput }): StoredObject {
    return createObject(this, input.type, this.storedValues(input.type, input.values ?? {}, input.name));
  }

  /** Replaces the values of the named attributes; an empty list clears. The history names the actor, or the login's account. */
  updateObject(object: StoredObject, values: ValuesInput, actor?: User): void {
    updateObject(this, object, this.storedValues(this.type(object.typeId), values), actor);
  }

  deleteObject(object: StoredObject, actor?: User): void {
    deleteObject(this, object, actor);
  }

  /** Moves an object to another type; values of attributes with the same name and kind go with it. */
  moveObject(object: StoredObject, type: ObjectType): void {
    moveObject(this, object, type);
  }

  comment(input: CommentInput): Comment {
    return addComment(this, input);
  }

  /** Gives a comment another text. */
  editComment(object: StoredObject, comment: Comment, text: string): void {
    editComment(this, object, comment, text);
  }

  deleteComment(object: StoredObject, comment: Comment): void {
    deleteComment(this, object, comment);
  }

  /** Attaches a file to an object. */
  attachFile(object: StoredObject, name: string, actor?: User): void {
    attachFile(this, object, name, actor);
  }

  /** Every object as the API gives it in `object/aql`, one at a time. Its media tokens are new ones. */
  *allObjects(): Generator<JsonObject> {
    for (const object of this.objects.all()) yield objectShape(this, object, { attributes: 'plain' });
  }

  /** An object's history as the API gives it, newest first. */
  history(objectId: number | string): JsonObject[] {
    return historyShapes(this, this.object(objectId));
  }

  /** An object's comments as the API gives them, oldest first. */
  comments(objectId: number | string): JsonObject[] {
    return this.commentsOf(this.object(objectId).id).map((comment) => commentShape(this, comment, Number(objectId)));
  }
}
