import { SimulatedSite } from '../../simulator/site/simulated-site.ts';

/** Would run, load or break something wherever it is taken for more than text. */
export const markup = `<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>"'&amp;</bdi></td>`;
/** Turns what follows, moves a cursor, ends a line. */
export const orders = 'up\u202eside\u2066\u001b[31m\u0007\u2028';
export const ordersShown = 'up\\u202eside\\u2066\\u001b[31m\\u0007\\u2028';
export const megabyte = `<b>${'wide '.repeat(209_715)}</b>`;

/** A company some of whose people are not to be trusted: each kind of text there is holds one that is hostile. */
export function hostileSite() {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'ASSETS', name: `Assets ${markup}` });
  const hardware = site.addType({ schema, name: 'Hardware' });
  const laptop = site.addType({ schema, name: `Laptop ${markup}`, parent: hardware });
  const person = site.addType({ schema, name: 'Person' });
  site.addAttribute({ type: laptop, name: `Note ${markup}` });
  site.addAttribute({ type: laptop, name: 'Text', kind: 'textarea' });
  site.addAttribute({ type: laptop, name: 'Weight', kind: 'integer' });
  site.addAttribute({ type: laptop, name: 'Owner', target: person, multiple: true });
  const ada = site.addObject({ type: person, name: `Ada ${orders}` });
  const worst = site.addObject({
    type: laptop,
    name: `Worst ${markup}`,
    values: { [`Note ${markup}`]: `${markup} ${orders}`, Text: megabyte, Weight: 7, Owner: [ada] },
  });
  site.addComment({ object: worst, text: `Comment ${markup} ${orders}` });
  site.addHistory({ object: worst, attribute: `Owner ${markup}`, oldValue: markup, newValue: orders });
  const laptops = Array.from({ length: 120 }, (_, index) =>
    site.addObject({
      type: laptop,
      name: `Laptop ${String(index).padStart(3, '0')}`,
      values: { Weight: 1_000 - index, Owner: [ada], [`Note ${markup}`]: index % 10 === 3 ? 'searched for' : 'other' },
    }),
  );
  return { site, schema, laptop, person, ada, worst, laptops };
}
