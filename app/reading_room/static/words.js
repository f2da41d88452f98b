// The words a person can choose from, and what the tag form asks for each kind.

import { say } from "./dom.js";

export const KINDS = ["claim", "figure", "attribution"];
export const RELATIONS = ["corroborates", "contradicts"];
export const CONFIDENCES = ["low", "medium", "high"];
export const BASES = [
  "same_statement",
  "numeric",
  "negation",
  "temporal",
  "lexical",
  "factive",
  "world_knowledge",
];
export const SIGNS = { corroborates: "=", contradicts: "≠" };

/** Attribute → what it is called and either its words, or null for free text. */
export const ASKED = {
  claim: {
    statement: ["In your own words, so that it stands alone", null],
    claim_type: [
      "Type",
      ["event_property", "numerical", "quote", "causal", "position", "prediction", "comparison"],
    ],
    modality: ["Modality", ["asserted", "possible", "denied", "predicted"]],
    check_worthiness: ["Worth checking", ["check_worthy", "unimportant_factual", "non_factual"]],
    topic: ["Topic", null],
  },
  figure: {
    value: [
      "Value",
      null,
      "The whole number meant: 2.5 million is 2500000. Blank if the text is vague.",
    ],
    value_max: ["Upper value", null, "Only for “between”."],
    unit: ["Unit", null],
    comparator: [
      "How exact",
      ["exact", "approx", "at_least", "at_most", "more_than", "less_than", "between"],
    ],
    measured: ["What is measured", null],
  },
  attribution: {
    name: ["Who said it", null],
    type: [
      "What they are",
      ["person", "organisation", "government", "media", "document", "group", "unnamed"],
    ],
    quotation: ["Quotation", ["direct", "indirect", "mixed"]],
  },
};

/** The attributes of a kind, as the API takes them, from what its form says. */
export function attributesFrom(kind, given) {
  const known = Object.fromEntries(
    Object.keys(ASKED[kind])
      .filter((name) => given[name])
      .map((name) => [name, given[name]]),
  );
  if (kind === "figure" && !known.value) known.form = "vague";
  if (kind === "attribution") {
    const { name, type, ...rest } = known;
    return name ? { ...rest, sources: [type ? { name, type } : { name }] } : rest;
  }
  return known;
}

const WORDS = new Set(["claim_type", "check_worthiness", "comparator", "act"]);

/** An attribute as people read it: stored words without their underscores. */
export const told = (name, value) => (WORDS.has(name) ? say(value) : shown(value));

/** An attribute's value as one line: dates with their precision, sources with their type. */
function shown(value) {
  if (Array.isArray(value)) return value.map(shown).join("; ");
  if (value === null || typeof value !== "object") return String(value);
  if ("name" in value) return value.type ? `${value.name} (${value.type})` : value.name;
  if ("precision" in value)
    return [value.value, value.text && `“${value.text}”`, `(${value.precision})`]
      .filter(Boolean)
      .join(" ");
  return "text" in value ? `“${value.text}”` : JSON.stringify(value);
}

/** What this person may do next in review; the server has the last word. */
export function movesOf(thing, person) {
  const own = thing.author.id === person.id;
  const judges = person.rank >= 2 && (!own || !person.ownWorkRule);
  const writes = own && person.rank >= 1;
  return {
    draft: writes ? ["submit"] : [],
    submitted: [
      ...(writes ? ["withdraw"] : []),
      ...(judges ? ["approve", "reject", "request_changes"] : []),
    ],
    approved: judges ? ["reopen"] : [],
    rejected: judges ? ["reopen"] : [],
  }[thing.state];
}

const ROLES = ["viewer", "annotator", "reviewer", "manager"];

/** Someone in a project: who they are and how far their role goes. */
export const personIn = (me, project) => ({
  id: me.id,
  rank: ROLES.indexOf(project.role),
  ownWorkRule: project.settings.own_work_rule,
});
export const mayEdit = (thing, person) =>
  person.rank >= 2 || (person.rank === 1 && thing.author.id === person.id);
export const mayDelete = (thing, person) =>
  person.rank === 3 || (person.rank >= 1 && thing.author.id === person.id);
