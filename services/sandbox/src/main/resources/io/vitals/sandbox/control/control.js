// Draws a form for every action that the simulators offer, and their state beside it.

const outcome = document.querySelector('#outcome');
const REFRESH_MILLIS = 2000;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, text] of Object.entries(attributes)) made.setAttribute(key, text);
  made.append(...children);
  return made;
}

function field(spec) {
  let input;
  if (spec.choices.length > 0) {
    input = element('select', { name: spec.name });
    for (const choice of spec.choices) input.append(element('option', {}, choice));
    input.value = spec.initial;
  } else {
    input = element('input', { name: spec.name, value: spec.initial, autocomplete: 'off' });
  }
  return element('label', {}, spec.label, input);
}

async function run(module, action, form) {
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const answer = await fetch(`/api/${module}/${action.name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    });
    outcome.classList.toggle('bad', !answer.ok);
    outcome.textContent = `${action.title}: ${await answer.text()}`;
  } catch {
    outcome.classList.add('bad');
    outcome.textContent = `${action.title}: the sandbox does not answer`;
  } finally {
    button.disabled = false;
  }
}

function actionForm(module, action) {
  const form = element('form', {},
    element('h3', {}, action.title),
    element('p', { class: 'hint' }, action.hint),
    ...action.fields.map(field),
    element('button', {}, action.title));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    await run(module.name, action, form);
    await refresh(module.name);
  });
  return form;
}

function flatten(status, prefix = '') {
  return Object.entries(status).flatMap(([key, value]) => {
    const name = prefix ? `${prefix} ${key}` : key;
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return flatten(value, name);
    const text = Array.isArray(value) ? value.map((v) => (typeof v === 'object' ? JSON.stringify(v) : v)).join(', ') : value;
    return [[name, String(text ?? '')]];
  });
}

async function refresh(name) {
  const list = document.querySelector(`#status-${name}`);
  const answer = await fetch(`/api/${name}`).catch(() => null);
  if (!answer?.ok) return;
  const rows = flatten(await answer.json());
  list.replaceChildren(...rows.map(([key, text]) =>
    element('div', {}, element('dt', {}, key.replaceAll('_', ' ')), element('dd', {}, text || '–'))));
}

const { modules } = await (await fetch('/api')).json();
for (const module of modules) {
  document.querySelector('#modules').append(element('section', {},
    element('h2', {}, module.title),
    element('dl', { id: `status-${module.name}` }),
    element('div', { class: 'actions' }, ...module.actions.map((action) => actionForm(module, action)))));
  await refresh(module.name);
}
setInterval(() => {
  if (!document.hidden) modules.forEach((module) => refresh(module.name));
}, REFRESH_MILLIS);
