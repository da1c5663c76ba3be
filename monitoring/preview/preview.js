import { draw } from './panels.js';

const REFRESH_MS = 15000;
const byId = (id) => document.getElementById(id);
const names = await (await fetch('dashboards.json')).json();
let shown = [];
let turn = 0;

for (const name of names) {
  const link = document.createElement('a');
  link.href = `#${name}`;
  link.textContent = name;
  byId('dashboards').append(link);
}

/** A card for each panel, as wide as Grafana would show it. */
function card(panel) {
  if (panel.type === 'row') {
    const title = document.createElement('h2');
    title.textContent = panel.title;
    return title;
  }
  const section = document.createElement('section');
  section.style.gridColumn = `span ${panel.gridPos.w}`;
  section.dataset.state = 'asking';
  const title = document.createElement('h3');
  title.textContent = panel.title;
  const description = document.createElement('p');
  description.textContent = panel.description;
  section.append(title, description, document.createElement('div'));
  return section;
}

async function show(mine) {
  for (const link of byId('dashboards').children) {
    link.toggleAttribute('aria-current', link.hash === location.hash);
  }
  const dashboard = await (await fetch(`dashboards/${location.hash.slice(1)}.json`)).json();
  if (mine !== turn) {
    return;
  }
  document.title = dashboard.title;
  byId('title').textContent = dashboard.title;
  byId('description').textContent = dashboard.description;
  shown = dashboard.panels.map((panel) => ({ panel, section: card(panel) }));
  byId('panels').replaceChildren(...shown.map(({ section }) => section));
  await refresh(mine);
}

/** One after the other: Prometheus answers so many queries at a time. */
async function refresh(mine) {
  for (const { panel, section } of shown) {
    if (panel.type !== 'row') {
      await draw(panel, section);
    }
    if (mine !== turn) {
      return;
    }
  }
  document.body.dataset.drawn = dashboardName();
  setTimeout(() => mine === turn && refresh(mine), REFRESH_MS);
}

const dashboardName = () => location.hash.slice(1);

addEventListener('hashchange', () => show(++turn));
if (!names.includes(dashboardName())) {
  location.hash = `#${names.includes('overview') ? 'overview' : names[0]}`;
} else {
  show(++turn);
}
