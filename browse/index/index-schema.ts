/** Raised when an index of before could be misread: such a one is made anew. */
export const indexVersion = 2;

/**
 * One backup's objects, in the order in which they are stored: so those of a type have numbers that follow each other. `words` keeps what
 * words there are, and no texts; between two values stands `valueEnd`, over which no phrase goes. One letter
 * begins most of all words: which objects have them is kept ready, since to put it together takes ten times as long.
 */
export const indexTables = `
CREATE TABLE about(seal TEXT, objects INTEGER, has_values INTEGER);
CREATE TABLE damage(type INTEGER, sentence TEXT);
CREATE TABLE files(number INTEGER PRIMARY KEY, key TEXT);
CREATE TABLE types(number INTEGER PRIMARY KEY, id TEXT, first INTEGER, last INTEGER);
CREATE TABLE objects(
  number INTEGER PRIMARY KEY, id TEXT, key TEXT, label TEXT, type INTEGER,
  file INTEGER, at INTEGER, bytes INTEGER, sum INTEGER
);
CREATE TABLE refs(target TEXT, source INTEGER, attribute TEXT);
CREATE VIRTUAL TABLE words USING fts5(
  key, label, shown, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2', prefix='1'
);
`;

/** Made when all objects are in. */
export const indexIndexes = `
CREATE INDEX objects_by_id ON objects(id);
CREATE INDEX objects_by_key ON objects(key COLLATE NOCASE);
CREATE INDEX refs_by_target ON refs(target, source);
`;

/** A word of its own to the index, that nobody types. */
export const valueEnd = ' \ue000 ';
