// Elements from data. Texts enter the page as text nodes only: nothing here reads markup.

/** An element: attributes, `on…` listeners, and children (nodes, texts, lists; null is nothing). */
export function h(name, given = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(
    ...children
      .flat(Infinity)
      .filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

let fields = 0;

/** A labelled control. */
export function field(label, control, hint) {
  control.id ||= `field-${(fields += 1)}`;
  const told = hint ? h("small", { id: `${control.id}-hint` }, hint) : null;
  if (told) control.setAttribute("aria-describedby", told.id);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, told);
}

/** A choice among words; the first line chooses nothing. */
export function choice(name, words, chosen, none = "—") {
  const options = words.map((word) => {
    const [value, shown] = Array.isArray(word) ? word : [word, say(word)];
    return h("option", { value, selected: value === chosen }, shown);
  });
  return h("select", { name }, none === null ? null : h("option", { value: "" }, none), options);
}

export const input = (name, given = {}) => h("input", { name, autocomplete: "off", ...given });
export const area = (name, given = {}) => h("textarea", { name, rows: 2, ...given });

export const button = (label, onclick, given = {}) =>
  h("button", { type: "button", onclick, ...given }, label);

/** A stored word as people read it. */
export const say = (word) => String(word).replaceAll("_", " ");

export const day = (moment) =>
  new Date(moment).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** The beginning of a text, cut between code points. */
export function short(text, most = 90) {
  const points = Array.from(text.slice(0, 2 * most + 2));
  return points.length > most ? `${points.slice(0, most).join("").trimEnd()}…` : text;
}

/** What a form says, blanks left out. */
export function said(form) {
  return Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim() !== ""));
}

/** Tags as typed, with commas between. */
export const tagsOf = (typed) => [
  ...new Set(
    (typed ?? "")
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

/** Keep a form from being sent twice, and tell beside it what was refused. */
export function sending(form, send) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    form.querySelector(":scope > .refused")?.remove();
    try {
      await send(said(form));
    } catch (error) {
      form.append(refusal(error));
      form.lastElementChild.scrollIntoView({ block: "nearest" });
    } finally {
      form.removeAttribute("aria-busy");
    }
  });
  return form;
}

/** A refusal in words: the detail of the problem, and each fault with the member it is about. */
export function refusal(error) {
  const told = error.problem ?? {};
  const faults = (told.errors ?? []).map((fault) =>
    h("li", {}, fault.pointer ? h("code", {}, fault.pointer) : null, ` ${fault.detail}`),
  );
  return h(
    "div",
    { class: "refused", role: "alert" },
    h("strong", {}, told.title ?? "It did not work"),
    h("p", {}, told.detail ?? error.message),
    faults.length ? h("ul", {}, faults) : null,
  );
}

/** Do something that may be refused outside any form. */
export async function attempt(work) {
  const place = document.getElementById("notices");
  place.replaceChildren();
  try {
    return await work();
  } catch (error) {
    place.replaceChildren(
      refusal(error),
      button("Close", () => place.replaceChildren()),
    );
    return undefined;
  }
}
