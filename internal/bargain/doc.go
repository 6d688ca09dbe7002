// Package bargain is the exact bargaining engine: templates of issues and
// options, the parties' private scorings of them, and the deals nobody can
// improve on, each with a proof.
//
// It owns the words of the numbers side of a negotiation: Template, Party,
// Issue, Option, Deal, Scoring, reservation value, frontier, Nash,
// Kalai-Smorodinsky, egalitarian (leximin), utilitarian, Adjusted Winner.
//
// It promises:
//   - Arithmetic is exact. Weights and values are read as decimals or fractions
//     (Number) and brought to whole numbers over one common denominator for
//     each party; every comparison that decides an answer is made in integers.
//     A model whose sums would not fit into 62 bits is refused with a sentence.
//   - Every answer carries a Guarantee: exact, within a stated distance of the
//     optimum, or stopped by a named limit. Nothing is cut off silently, and
//     ties are counted.
//   - Where the guarantee rests on a proof by prices, the answer carries a
//     certificate.Proof that package certificate checks without this package.
//   - A cancelled context yields the best answer so far with the gap that is
//     proved for it, not an error.
//
// Where to look: model.go (what is on the table), compile.go (to whole
// numbers), space.go (groups of issues that can be added up; coupled.go and
// opaque.go for those that cannot), frontier*.go and maxima.go (frontiers),
// dual.go, search.go, reach.go, join.go, aims.go (single solutions with
// proof), solve.go (the definitions), zone.go, trades.go, winner.go, cover.go,
// sensitivity.go, ties.go, peers.go (questions asked of them), enumerate.go
// (the oracle).
//
// It will not: read files, keep time, draw random numbers except from a seed
// it is handed, or decide who may see a scoring. Preferences are private to
// their owner; who may bring them together is settled by the caller.
package bargain
