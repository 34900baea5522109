// A language chosen in one group of tabs is chosen in all of them, on this page and the next.
import { useRoute } from 'vitepress';
import { nextTick, onMounted, watch } from 'vue';

const KEY = 'language';
const INPUTS = '.vp-code-group .tabs input';

export function followChosenLanguage(): void {
  const route = useRoute();
  onMounted(() => {
    document.addEventListener('change', ({ target }) => {
      if (!(target instanceof HTMLInputElement) || !target.matches(INPUTS)) return;
      localStorage.setItem(KEY, languageOf(target));
      chooseEverywhere();
    });
    chooseEverywhere();
  });
  watch(() => route.path, () => nextTick(chooseEverywhere));
}

function chooseEverywhere(): void {
  const language = localStorage.getItem(KEY);
  for (const input of document.querySelectorAll<HTMLInputElement>(INPUTS)) {
    if (!input.checked && languageOf(input) === language) input.click();
  }
}

function languageOf(input: HTMLInputElement): string {
  return input.labels?.[0]?.textContent?.trim() ?? '';
}
