import { h } from 'preact';

/** A time as all of our texts have it: `2026-11-23 02:00 UTC`. */
export function Moment({ at }: { readonly at: string }) {
  const time = new Date(at);
  // A site's own text, which may be none.
  if (Number.isNaN(time.getTime())) return h('bdi', null, at);
  return h('time', { dateTime: time.toISOString() }, `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`);
}
