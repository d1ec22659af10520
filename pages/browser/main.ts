import { h, render } from 'preact';
import { App } from './app.ts';
import { takeToken } from './session.ts';

const place = document.getElementById('page');
if (place) render(h(App, { hasToken: takeToken() !== null }), place);
