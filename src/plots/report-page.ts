import { SOFTWARE_VERSION } from '../base/index.ts';
import { drawFigures } from './draw-figures.ts';
import type { Figure } from './figure-data.ts';
import type { ReportData, ReportFact } from './report-data.ts';
import { reportStyle } from './report-style.ts';
import { scoreTables } from './score-tables.ts';
import { escapeMarkup } from './sheet.ts';
import { pageTheme } from './theme.ts';

/** Figures beyond this many characters are named but left out, so that the page opens at once and can be mailed. */
const MAXIMUM_CHARACTERS = 4_400_000;

/**
 * One HTML page that needs nothing else: no network, no script. Figures are inline SVG in the reader's colour
 * scheme, each with its description; tables carry proper headers.
 */
export function reportPage(data: ReportData): string {
  const { shown, omitted } = withinBudget(drawFigures(data.figures, pageTheme));
  const sections = sectionsOf(shown);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Lightfold ${SOFTWARE_VERSION}">
<title>${escapeMarkup(data.title)}</title>
<style>${reportStyle()}</style>
</head>
<body>
<header>
<p class="house">Lightfold</p>
<h1>${escapeMarkup(data.title)}</h1>
${data.summary.map(paragraph).join('\n')}
${factList(data.facts)}
<nav aria-label="Contents"><ul>
<li><a href="#scores">Scores</a></li>
${sections.map(({ id, title }) => `<li><a href="#${id}">${title}</a></li>`).join('\n')}
</ul></nav>
</header>
<main>
<section id="scores"><h2>Scores</h2>
${scoreTables(data)}
</section>
${sections.map(sectionMarkup).join('\n')}
${omitted.length > 0 ? paragraph(`Left out to keep this page small: ${omitted.map(({ title }) => title).join('; ')}.`) : ''}
</main>
<footer>Made by Lightfold ${SOFTWARE_VERSION}. Wavelengths are vacuum, in the rest frame.</footer>
</body>
</html>
`;
}

function paragraph(text: string): string {
  return `<p>${escapeMarkup(text)}</p>`;
}

function factList(facts: readonly ReportFact[]): string {
  const entries = facts.map(({ name, value }) => {
    const kinds = [...(value.length > 60 ? ['wide'] : []), ...(/^lightfold /.test(value) ? ['command'] : [])];
    const wide = kinds.length > 0 ? ` class="${kinds.join(' ')}"` : '';
    return `<div${wide}><dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd></div>`;
  });
  return facts.length === 0 ? '' : `<dl class="facts">${entries.join('')}</dl>`;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly words: string;
  readonly figures: readonly Figure[];
}

const SECTIONS: readonly (Omit<Section, 'figures'> & { readonly prefix: string })[] = [
  {
    id: 'errors',
    prefix: 'error',
    title: 'Error by class',
    words: 'Which kinds of object are rebuilt well, and which are not.',
  },
  {
    id: 'reconstructions',
    prefix: 'reconstruction',
    title: 'Reconstructions',
    words:
      'Single held-out objects, chosen by class and signal-to-noise ratio before looking at how well they are rebuilt.',
  },
  {
    id: 'labels',
    prefix: 'labels',
    title: 'Labels',
    words: 'Physical labels predicted from spectra, against those measured.',
  },
  {
    id: 'partial-spectra',
    prefix: 'partial',
    title: 'Partial spectra',
    words: 'Whole spectra predicted from a few narrow windows.',
  },
  {
    id: 'latent-space',
    prefix: 'latents',
    title: 'Latent space',
    words: 'Where the objects lie in the few numbers that stand for each spectrum.',
  },
  {
    id: 'axes',
    prefix: 'traversal',
    title: 'What the latents do',
    words: 'The change of the spectrum along each axis of latent space.',
  },
  { id: 'training', prefix: 'training', title: 'Training', words: 'How the loss fell while the models were fitted.' },
];

function sectionsOf(figures: readonly Figure[]): Section[] {
  return SECTIONS.map(({ prefix, ...section }) => ({
    ...section,
    figures: figures.filter(({ name }) => name.startsWith(prefix)),
  })).filter((section) => section.figures.length > 0);
}

function sectionMarkup({ id, title, words, figures }: Section): string {
  return `<section id="${id}"><h2>${title}</h2>
<p>${words}</p>
${figures.map(figureMarkup).join('\n')}
</section>`;
}

function figureMarkup({ name, title, caption, width, svg }: Figure): string {
  const scroll = `<div class="scroll" role="region" tabindex="0" aria-label="${escapeMarkup(`${title} (scrolls sideways on small screens)`)}">`;
  // A figure narrower than the page keeps its own size.
  const sized = svg.replace('<svg ', `<svg style="max-width:${width}px" `);
  return `<figure id="${name}">${scroll}${sized}</div><figcaption>${paragraph(caption)}</figcaption></figure>`;
}

function withinBudget(figures: readonly Figure[]): { shown: Figure[]; omitted: Figure[] } {
  const shown: Figure[] = [];
  const omitted: Figure[] = [];
  let characters = 0;
  for (const figure of figures) {
    const fits = characters + figure.svg.length <= MAXIMUM_CHARACTERS;
    (fits ? shown : omitted).push(figure);
    if (fits) characters += figure.svg.length;
  }
  return { shown, omitted };
}
