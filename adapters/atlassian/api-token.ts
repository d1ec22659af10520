import { WrongInputError } from '../../core/errors.ts';
import { isPlaceholder } from './placeholder.ts';

/** Where a person makes a new token; for sentences that say what to do next. */
export const tokenPage = 'https://id.atlassian.com/manage-profile/security/api-tokens';

/**
 * An API token that cannot be printed by accident: JSON, String() and util.inspect do not see a private field.
 * Surrounding white space goes, since files and prompts add a line end. Throws WrongInputError.
 */
export class ApiToken {
  readonly #text: string;

  constructor(text: string) {
    const token = text.trim();
    if (token === '') throw new WrongInputError('The API token (apiToken) is empty.');
    if (isPlaceholder(token)) {
      throw new WrongInputError(
        `The API token (apiToken) is still the template's placeholder: make a token at ${tokenPage} and put it there.`,
      );
    }
    // Anything else could not stand in a header.
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw new WrongInputError('The API token (apiToken) holds characters that no token has, such as spaces.');
    }
    this.#text = token;
  }

  /** The value of an Authorization header. Without a user name the token is a bearer token. */
  authorization(username?: string): string {
    if (username === undefined) return `Bearer ${this.#text}`;
    return `Basic ${Buffer.from(`${username}:${this.#text}`, 'utf8').toString('base64')}`;
  }
}
