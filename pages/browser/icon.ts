import { h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { addressOf, header } from './ask.ts';

/** By address; what a `blob:` address stands for lasts as long as the page. */
const images = new Map<string, Promise<string | null>>();

/** The picture of a type, beside its name. */
export function Icon(props: { readonly backup: string; readonly schema: string; readonly icon: string | null }) {
  const { backup, schema, icon } = props;
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    let isShown = true;
    if (icon !== null)
      void imageAt(addressOf('icon', { backup, schema, icon })).then((image) => {
        if (isShown) setSource(image);
      });
    return () => {
      isShown = false;
    };
  }, [backup, schema, icon]);
  return source === null
    ? h('span', { class: 'icon', 'aria-hidden': 'true' })
    : h('img', { class: 'icon', src: source, alt: '', width: 16, height: 16, onError: () => setSource(null) });
}

function imageAt(address: string): Promise<string | null> {
  const image = images.get(address) ?? readImage(address);
  images.set(address, image);
  return image;
}

/** Null: there is none, or it is damaged; a type is as well known without. */
async function readImage(address: string): Promise<string | null> {
  const response = await fetch(address, { headers: header() }).catch(() => null);
  return response?.ok ? URL.createObjectURL(await response.blob()) : null;
}
