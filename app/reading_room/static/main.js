// The page as a whole: who is signed in, which view the address names, and the way between.

import { get, signIn, signOut } from "./api.js";
import { attempt, button, field, h, input, sending } from "./dom.js";
import { articleView } from "./article.js";
import { articlesView, projectsView } from "./lists.js";
import { sourcesView, sourceView } from "./sources.js";

const ID = "([0-9a-f-]{36})";
const VIEWS = [
  [/^#?\/?$/, projectsView],
  [/^#\/projects\/([^/]+)$/, articlesView],
  [/^#\/projects\/([^/]+)\/sources$/, sourcesView],
  [new RegExp(`^#/sources/${ID}$`), sourceView],
  [new RegExp(`^#/articles/${ID}(?:/${ID})?$`), articleView],
];
const main = document.getElementById("main");
let me = null;
let turn = 0;
let now = null; // the view that stands

/** Show the view that the address names; the view that stands may take a near address itself. */
async function show() {
  turn += 1;
  const ticket = turn;
  if (!me && !(await whoAmI())) return;
  if (now?.takes?.(location.hash)) return;
  const found = VIEWS.map(([pattern, view]) => [location.hash.match(pattern), view]).find(
    ([match]) => match,
  );
  const view = found ? await attempt(() => found[1](me, ...found[0].slice(1))) : nowhere();
  if (ticket === turn) present(view ?? nowhere());
}

function present(view) {
  now = view;
  document.title = `${view.title} – Factmark`;
  const steps = [...view.trail, [null, view.title]].filter(([href, name]) => href || name);
  document.getElementById("trail").replaceChildren(
    h(
      "ol",
      {},
      steps.map(([href, name]) =>
        h("li", {}, href ? h("a", { href }, name) : h("span", { "aria-current": "page" }, name)),
      ),
    ),
  );
  main.replaceChildren(view.element);
  view.shown?.();
  if (!view.keepsFocus) main.focus({ preventScroll: true });
}

async function whoAmI() {
  try {
    me = await get("/me");
  } catch (error) {
    if (error.status !== 401) document.getElementById("notices").replaceChildren(error.message);
    return false;
  }
  const out = () =>
    attempt(async () => {
      await signOut();
      location.reload();
    });
  document
    .getElementById("account")
    .replaceChildren(h("span", { class: "who" }, me.name), button("Sign out", out));
  return true;
}

function signInView() {
  const email = input("email", { type: "email", required: true, autocomplete: "username" });
  const password = input("password", {
    type: "password",
    required: true,
    autocomplete: "current-password",
  });
  const form = h(
    "form",
    { class: "card narrow" },
    h("h1", {}, "Sign in"),
    field("E-mail", email),
    field("Password", password),
    h("button", { class: "main" }, "Sign in"),
    h("p", { class: "quiet" }, "On a new server, the account was printed where it was started."),
  );
  sending(form, async (given) => {
    await signIn(given.email, given.password);
    document.getElementById("notices").replaceChildren();
    await show();
  });
  return {
    title: "Sign in",
    trail: [],
    element: form,
    keepsFocus: true,
    shown: () => email.focus(),
  };
}

const nowhere = () => ({
  title: "Nothing here",
  trail: [["#/", "Projects"]],
  element: h(
    "p",
    {},
    "There is nothing here that you may see. ",
    h("a", { href: "#/" }, "To the projects"),
  ),
});

document.addEventListener("signed-out", () => {
  me = null;
  turn += 1;
  document.getElementById("account").replaceChildren();
  present(signInView());
});
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
window.addEventListener("hashchange", show);
show();
