"""Agreement between annotators: one file a measure, all of them pure.

Every measure is an accumulator fed article by article, so that a project is never held in memory,
and every result says how many units and coders stand behind its number. A measure that the data
cannot define answers None, never a made-up 0 or 1.

    span_f1     shared spans of each pair of coders: the first number to show
    link_f1     the same for links
    kappa       Cohen and Fleiss: labels on units that both coders marked
    alpha       Krippendorff: labels with gaps, any number of coders
    unitizing   Krippendorff: spans and labels together, along the text
    gamma       Mathet, Widlöcher and Métivier: spans and labels by the best alignment

Kappa sees only what was marked by everyone; shown alone it may look perfect beside half-empty
layers. Show it with span F1 or unitizing alpha.
"""
