// What a person does in a page: finds things by their French, where a pointer would meet them. Run by `browsers.py`.
const texts = text => text.replace(/[\u00a0\u202f\s]+/g, " ").replaceAll("’", "'").trim();
const isFolded = element => element.closest("details:not([open]) > :not(summary)") !== null;
const isShown = element =>
  element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden" && !isFolded(element);
const isBox = field => ["checkbox", "radio"].includes(field.type);
const shown = (selector, inside = document) => [...inside.querySelectorAll(selector)].filter(isShown);

function fail(cause) {
  throw new Error(`${cause} at ${location.pathname}: ${texts(document.body.innerText).slice(0, 800)}`);
}

function named(selector, name) {
  return shown(selector).find(element => texts(element.textContent).includes(name)) || fail(`no « ${name} »`);
}

function reach(element) {
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const [box] = element.getClientRects();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  if (!element.contains(top) && !top?.contains(element)) fail(`${element.outerHTML} is covered by ${top?.outerHTML}`);
  return element;
}

function type(field, text) {
  field.value = text;
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
}

function lastForm() {
  return shown("main form").filter(form => shown("button:not([name])", form).length).at(-1) || fail("no form");
}

function leave(element) {
  window.isLeft = true;
  reach(element).click();
}

const acts = {
  follow: name => leave(named("a", name)),
  press: name => leave(named("button", name)),
  send: () => leave(shown("button:not([name])", lastForm()).at(-1)),
  unfold(name) {
    const summary = named("summary", name);
    if (!summary.parentElement.open) reach(summary).click();
  },
  fill(fields) {
    for (const [name, value] of Object.entries(fields)) {
      const named = shown(`[name="${name}"]`).filter(field => !isBox(field) || field.value === value);
      const field = named.at(-1) || fail(`no field ${name}`);
      if (!isBox(field)) type(reach(field), value);
      else if (!field.checked) field.click();
    }
  },
  // Each question without an answer: the first choice, the boxes to tick, and texts by their fields.
  answer(typed) {
    for (const field of lastForm().elements) {
      const isOpen = field.type === "radio" && !lastForm().querySelector(`[name="${field.name}"]:checked`);
      const isToTick = field.type === "checkbox" && /^(coordonnees|reglement|accord|papier-)/.test(field.name);
      if (isOpen || (isToTick && !field.checked)) field.click();
      if (field.name in typed && !field.value) type(field, typed[field.name]);
    }
  },
  text: () => texts(document.body.innerText),
  path: () => location.pathname,
  // Not the blank page that Firefox has between two.
  isThere: () => location.protocol !== "about:" && !window.isLeft && document.readyState === "complete",
  // What no page has at any width.
  faults() {
    const width = document.documentElement.scrollWidth;
    const fields = shown("main button, main input, main select, main textarea");
    const cut = fields.filter(field => field.getBoundingClientRect().right > innerWidth && !field.closest("[role=region]"));
    return [
      ...(width > innerWidth ? [`${width} pixels wide in ${innerWidth}`] : []),
      ...(shown("h1").length === 1 ? [] : ["not one title"]),
      ...([...document.styleSheets].some(sheet => sheet.cssRules.length > 50) ? [] : ["no style"]),
      ...[...document.images].filter(image => !image.naturalWidth).map(image => `no image ${image.src}`),
      ...cut.map(field => `cut: ${field.outerHTML}`),
    ];
  },
};
