"""Reviews: assigning work, deciding on it, comparing annotators and adjudicating between them.

- one thing's way through review: `decisions`, as `workflow` allows; `verdicts` on claims,
  `comments` on anything, `queue` for what waits;
- who works on what: `assignments`, spread by `seating`; `seats` says what may become of one;
- several annotators: `layers` reads what each marked, `matching` and `link_matching` find what is
  about the same thing, `differences` where they differ. So work `comparison`, `adjudication`, and
  `measures`, by the formulas of `agreement`.
"""
