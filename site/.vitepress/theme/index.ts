import DefaultTheme from 'vitepress/theme';
import type { Theme } from 'vitepress';
import Mermaid from './Mermaid.vue';
import { followChosenLanguage } from './language';
import './style.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app, router }) {
    app.component('Mermaid', Mermaid);
    if (!import.meta.env.SSR) followChosenLanguage(router);
  },
} satisfies Theme;
